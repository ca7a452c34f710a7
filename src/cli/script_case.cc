#include "cli/script_case.h"

#include <fmt/format.h>

#include <algorithm>

#include "testcase/meaning.h"
#include "testcase/signatures.h"
#include "text/wat.h"
#include "wasm/decode.h"

namespace slabhound::cli {
namespace {

using machine::RefKind;
using wasm::ValType;

constexpr std::string_view kInstead = "; `slabhound wast` runs it";

Result<wasm::Module, std::string> Load(const script::ModuleSource& source) {
  if (const auto* text = std::get_if<script::TextModule>(&source)) {
    if (!text->module) return Fail(text->module.error().Message());
    return wasm::Module(**text->module);
  }
  const auto* binary = std::get_if<script::BinaryModule>(&source);
  auto module = binary != nullptr ? wasm::Decode(binary->bytes)
                                  : text::ReadModule(std::get<script::QuotedModule>(source).source);
  if (!module) return Fail(module.error().Message());
  return *std::move(module);
}

const script::Action* ActionOf(const script::Command& command) {
  if (const auto* action = std::get_if<script::Action>(&command.what)) return action;
  const auto* assertion = std::get_if<script::Assertion>(&command.what);
  return assertion == nullptr ? nullptr : std::get_if<script::Action>(&assertion->subject);
}

// The plan's number for an argument of the parameter's type; nothing where none tells it.
std::optional<uint64_t> NumberOf(const machine::Value& argument, ValType param) {
  if (!param.is_ref()) {
    const bool told = !param.is_vector() || argument.bits == argument.high;
    return argument.type == param && told ? std::optional(argument.bits) : std::nullopt;
  }
  if (!argument.type.is_ref()) return std::nullopt;
  if (argument.ref.kind == RefKind::Null) {
    return param.nullable() ? std::optional<uint64_t>(0) : std::nullopt;
  }
  const testcase::PlainValue host{testcase::PlainKind::Host, argument.ref.payload};
  const uint64_t number = testcase::NumberOf(param, host);
  const auto back = testcase::ValueOf(param, number);
  const bool same =
      back && back->kind == testcase::PlainKind::Host && back->bits == argument.ref.payload;
  return argument.ref.kind == RefKind::Host && same ? std::optional(number) : std::nullopt;
}

Result<testcase::Call, std::string> CallOf(const script::Action& action,
                                           const wasm::FuncType* signature) {
  const auto fail = [&](std::string_view why) {
    return Fail(fmt::format("invoke {}: {}", text::Quoted(action.field), why));
  };
  if (signature == nullptr) return fail("there is no such exported function");
  if (signature->params.size() != action.arguments.size()) {
    return fail(fmt::format("{} arguments for {} parameters", action.arguments.size(),
                            signature->params.size()));
  }
  testcase::Call call{action.field, {}};
  for (size_t i = 0; i < action.arguments.size(); ++i) {
    const auto number = NumberOf(action.arguments[i], signature->params[i]);
    if (!number) {
      return fail(fmt::format("argument {} is none that a case has for {}{}", i,
                              wasm::TypeText(signature->params[i]), kInstead));
    }
    call.arguments.push_back(*number);
  }
  return call;
}

}  // namespace

std::vector<const script::ModuleSource*> ModulesOf(const script::Script& script) {
  std::vector<const script::ModuleSource*> modules;
  for (const script::Command& command : script.commands) {
    if (const auto* definition = std::get_if<script::DefineModule>(&command.what)) {
      modules.push_back(&definition->source);
    } else if (const auto* assertion = std::get_if<script::Assertion>(&command.what)) {
      const auto* source = std::get_if<script::ModuleSource>(&assertion->subject);
      if (source != nullptr) modules.push_back(source);
    }
  }
  return modules;
}

Result<testcase::TestCase, std::string> CaseOfScript(const script::Script& script) {
  const auto modules = ModulesOf(script);
  const auto instances = std::ranges::count_if(script.commands, [](const script::Command& each) {
    return std::holds_alternative<script::InstantiateModule>(each.what);
  });
  if (modules.size() != 1 || instances > 1) {
    return Fail(fmt::format(
        "a script of {} is no case{}",
        modules.size() == 1 ? "several instances" : fmt::format("{} modules", modules.size()),
        kInstead));
  }
  TRY_ASSIGN(wasm::Module module, Load(*modules.front()));
  auto made = testcase::MakeTestCase(std::move(module));
  if (!made) return Fail(std::move(made.error().message));
  const testcase::ExportSignatures signatures(made->module);
  testcase::Plan plan{.seed = made->plan.seed, .calls = {}};
  bool any = false;
  for (const script::Command& command : script.commands) {
    const script::Action* action = ActionOf(command);
    if (action == nullptr) continue;
    any = true;
    if (!action->is_call) continue;  // globals are compared at the end
    if (plan.calls.size() == testcase::kCallsMax) {
      return Fail(fmt::format("line {}: more than {} calls{}", command.line, testcase::kCallsMax,
                              kInstead));
    }
    auto call = CallOf(*action, signatures.Find(action->field));
    if (!call) return Fail(fmt::format("line {}: {}", command.line, call.error()));
    plan.calls.push_back(*std::move(call));
  }
  if (any) made->plan = std::move(plan);
  return *std::move(made);
}

}  // namespace slabhound::cli
