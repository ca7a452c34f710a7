#include "script/judge.h"

#include <fmt/format.h>

#include "base/check.h"

namespace slabhound::script {
namespace {

using machine::TrapKind;
using wasm::TypeStore;

// The script's phrase names the kind whose own phrase is the longest beginning of it; a phrase that
// is cut short names every kind that it begins.
bool IsTrap(TrapKind kind, std::string_view phrase) {
  std::string_view longest;
  for (const std::string_view each : {
#define SLABHOUND_TRAP(name, phrase) std::string_view(phrase),
#include "machine/traps.def"
       }) {
    if (phrase.starts_with(each) && each.size() > longest.size()) longest = each;
  }
  return longest.empty() ? machine::TrapPhrase(kind).starts_with(phrase)
                         : machine::TrapPhrase(kind) == longest;
}

bool ResultsMatch(const Assertion& assertion, const machine::Returned& returned,
                  const TypeStore& types) {
  if (returned.values.size() != assertion.results.size()) return false;
  for (size_t i = 0; i < returned.values.size(); ++i) {
    if (!Matches(assertion.results[i], returned.values[i], types)) return false;
  }
  return true;
}

// What an exhaustion is of: the specification's own phrase is about the call stack.
machine::Resource ExhaustedOf(const Assertion& assertion) {
  for (const auto resource : {machine::Resource::ObjectSize, machine::Resource::HugeObject}) {
    if (assertion.phrase == machine::ResourceName(resource)) return resource;
  }
  return machine::Resource::CallDepth;
}

std::string Text(const machine::Trap& trap) {
  return fmt::format("the trap \"{}\"", machine::TrapPhrase(trap.kind));
}
std::string Text(const machine::Thrown&) { return "an exception"; }
std::string Text(const machine::Exhausted& exhausted) {
  if (exhausted.resource == machine::Resource::Instruction) {
    const wasm::OpcodeInfo& info = wasm::Info(exhausted.needs);
    return fmt::format("needs {}: {}", wasm::FeatureName(info.feature), info.text);
  }
  return fmt::format("exhausted {}", machine::ResourceName(exhausted.resource));
}
std::string Text(const machine::Panic& panic) {
  return panic.detail.empty() ? "the panic \"" + panic.kind + "\""
                              : fmt::format("the panic \"{}\": {}", panic.kind, panic.detail);
}

}  // namespace

bool Meets(const Assertion& assertion, const machine::Outcome& outcome, const TypeStore& types) {
  switch (assertion.expectation) {
    case Expectation::Return: {
      const auto* returned = std::get_if<machine::Returned>(&outcome);
      return returned && ResultsMatch(assertion, *returned, types);
    }
    case Expectation::Trap: {
      const auto* trap = std::get_if<machine::Trap>(&outcome);
      return trap && IsTrap(trap->kind, assertion.phrase);
    }
    case Expectation::Exhaustion: {
      const auto* exhausted = std::get_if<machine::Exhausted>(&outcome);
      return exhausted && exhausted->resource == ExhaustedOf(assertion);
    }
    case Expectation::Exception:
      return std::holds_alternative<machine::Thrown>(outcome);
    case Expectation::Malformed:
    case Expectation::Invalid:
    case Expectation::Unlinkable:
      return false;
  }
  UNREACHABLE();
}

bool Meets(const Assertion& assertion, const wasm::Error& error) {
  switch (error.error_class()) {
    case wasm::ErrorClass::Malformed:
      return assertion.expectation == Expectation::Malformed;
    case wasm::ErrorClass::Invalid:
      return assertion.expectation == Expectation::Invalid;
    case wasm::ErrorClass::Unsupported:
    case wasm::ErrorClass::Limit:
      return false;
  }
  UNREACHABLE();
}

bool Meets(const Assertion& assertion, const machine::InstantiationFailure& failure) {
  if (const auto* import = std::get_if<machine::ImportFailure>(&failure.reason)) {
    return assertion.expectation == Expectation::Unlinkable &&
           import->message.starts_with(assertion.phrase);
  }
  const auto* trap = std::get_if<machine::Trap>(&std::get<machine::Failure>(failure.reason));
  return assertion.expectation == Expectation::Trap && trap && IsTrap(trap->kind, assertion.phrase);
}

std::string ExpectedText(const Assertion& assertion) {
  switch (assertion.expectation) {
    case Expectation::Return: {
      if (assertion.results.empty()) return "no results";
      std::string text;
      for (const Pattern& pattern : assertion.results) {
        if (!text.empty()) text += ' ';
        text += PatternText(pattern);
      }
      return text;
    }
    case Expectation::Trap:
      return fmt::format("the trap \"{}\"", assertion.phrase);
    case Expectation::Exhaustion:
      return fmt::format("exhausted {}", machine::ResourceName(ExhaustedOf(assertion)));
    case Expectation::Exception:
      return "an exception";
    case Expectation::Malformed:
      return fmt::format("malformed: \"{}\"", assertion.phrase);
    case Expectation::Invalid:
      return fmt::format("invalid: \"{}\"", assertion.phrase);
    case Expectation::Unlinkable:
      return fmt::format("unlinkable: \"{}\"", assertion.phrase);
  }
  UNREACHABLE();
}

std::string OutcomeText(const machine::Outcome& outcome, const TypeStore& types) {
  if (const auto* returned = std::get_if<machine::Returned>(&outcome)) {
    if (returned->values.empty()) return "no results";
    std::string text;
    for (const machine::Value& value : returned->values) {
      if (!text.empty()) text += ' ';
      text += ValueText(value, types);
    }
    return text;
  }
  if (const auto* trap = std::get_if<machine::Trap>(&outcome)) return Text(*trap);
  if (const auto* thrown = std::get_if<machine::Thrown>(&outcome)) return Text(*thrown);
  if (const auto* exhausted = std::get_if<machine::Exhausted>(&outcome)) return Text(*exhausted);
  return Text(std::get<machine::Panic>(outcome));
}

std::string FailureText(const machine::InstantiationFailure& failure) {
  if (const auto* import = std::get_if<machine::ImportFailure>(&failure.reason)) {
    return import->message;
  }
  return std::visit([](const auto& what) { return Text(what); },
                    std::get<machine::Failure>(failure.reason));
}

}  // namespace slabhound::script
