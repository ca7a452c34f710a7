#include "trace/happening.h"

#include <fmt/format.h>

#include <array>

#include "base/check.h"
#include "base/hash.h"

namespace slabhound::trace {
namespace {

constexpr std::array<std::string_view, 15> kLimits = {"fuel",
                                                      "call-depth",
                                                      "object-size",
                                                      "huge-object",
                                                      "heap",
                                                      "host limit (stack)",
                                                      "host limit (memory)",
                                                      "host limit (allocation)",
                                                      "host limit (fuel)",
                                                      "host limit (time)",
                                                      "host limit (slow compile)",
                                                      "host limit (log)",
                                                      "host limit (exceptions)",
                                                      "instruction",
                                                      "host limit"};

std::string List(const std::vector<Told>& values, std::string_view between) {
  std::string text;
  for (const Told& value : values) {
    if (!text.empty()) text += between;
    text += ToldText(value);
  }
  return text;
}

struct Teller {
  std::string operator()(const Instantiated&) const { return "ok"; }
  std::string operator()(const Returned& each) const {
    return each.values.empty() ? "returns" : "returns " + List(each.values, " ");
  }
  std::string operator()(const Trapped& each) const { return "trap " + each.traps.Text(); }
  std::string operator()(const Threw& each) const { return "throws " + ToldText(each.exception); }
  std::string operator()(const Exhausted& each) const {
    if (each.limit == Limit::Instruction) return "needs " + NeedsText(each.needs);
    return fmt::format("exhausted {}", LimitText(each.limit));
  }
  std::string operator()(const Refused& each) const { return "refused: " + each.reason; }
  std::string operator()(const Rejected& each) const {
    return "rejected by the engine: " + each.reason;
  }
  std::string operator()(const NotCalled& each) const {
    return each.exported ? "skipped: no argument of its type" : "no such export";
  }
  std::string operator()(const Uncaught&) const { return "an exception came out"; }
  std::string operator()(const Unreadable& each) const {
    const std::string log = fmt::format("a log that cannot be read at word {}", each.word);
    return each.traps ? fmt::format("trap {} with {}", each.traps->Text(), log) : log;
  }
  std::string operator()(const WrongObject&) const {
    return "a large object that is not what was asked for";
  }
  std::string operator()(const Failed& each) const { return FailureText(each.kind, each.message); }
  std::string operator()(const Misjudged& each) const {
    return each.traps ? "returns where it must trap"
                      : fmt::format("fails where it must return: {}", each.text);
  }
  std::string operator()(const Imported& each) const { return List(each.arguments, ", "); }
  std::string operator()(const GlobalState& each) const { return ToldText(each.value); }
  std::string operator()(const TableState& each) const {
    return fmt::format("{} elements, {}", each.elements, HashText(each.hash));
  }
  std::string operator()(const MemoryState& each) const {
    return fmt::format("{} bytes, {}", each.bytes, HashText(each.hash));
  }
  std::string operator()(const ObjectsState& each) const {
    return fmt::format("{}, {}", each.count, HashText(each.hash));
  }
};

}  // namespace

Limit LimitOf(machine::Resource resource) {
  switch (resource) {
    case machine::Resource::Fuel:
      return Limit::Fuel;
    case machine::Resource::CallDepth:
      return Limit::CallDepth;
    case machine::Resource::ObjectSize:
      return Limit::ObjectSize;
    case machine::Resource::HugeObject:
      return Limit::HugeObject;
    case machine::Resource::Heap:
      return Limit::Heap;
    case machine::Resource::Instruction:
      return Limit::Instruction;
  }
  UNREACHABLE();
}

std::string NeedsText(wasm::Opcode op) {
  const wasm::OpcodeInfo& info = wasm::Info(op);
  return fmt::format("{}: {}", wasm::FeatureName(info.feature), info.text);
}

std::string_view LimitText(Limit limit) { return kLimits[static_cast<size_t>(limit)]; }

std::string HappeningText(const Happening& happening) { return std::visit(Teller{}, happening); }

}  // namespace slabhound::trace
