#include "trace/outcome_class.h"

#include <fmt/format.h>

#include <array>

namespace slabhound::trace {
namespace {

constexpr std::array<std::string_view, 15> kNames = {
    "nothing",        "ok",      "returns",       "trap",    "throws",
    "exhausted",      "refused", "rejected",      "no call", "uncaught exception",
    "unreadable log", "failure", "wrong verdict", "import",  "state"};

struct Classifier {
  OutcomeClass operator()(const Instantiated&) const { return {ClassKind::Instantiated}; }
  OutcomeClass operator()(const Returned&) const { return {ClassKind::Returned}; }
  OutcomeClass operator()(const Trapped& each) const { return {ClassKind::Trapped, each.traps}; }
  OutcomeClass operator()(const Threw&) const { return {ClassKind::Threw}; }
  OutcomeClass operator()(const Exhausted& each) const {
    return {ClassKind::Exhausted, {}, each.limit};
  }
  OutcomeClass operator()(const Refused&) const { return {ClassKind::Refused}; }
  OutcomeClass operator()(const Rejected&) const { return {ClassKind::Rejected}; }
  OutcomeClass operator()(const NotCalled&) const { return {ClassKind::NotCalled}; }
  OutcomeClass operator()(const Uncaught&) const { return {ClassKind::Uncaught}; }
  OutcomeClass operator()(const Unreadable&) const { return {ClassKind::Unreadable}; }
  OutcomeClass operator()(const Failed&) const { return {ClassKind::Failed}; }
  OutcomeClass operator()(const Misjudged&) const { return {ClassKind::Misjudged}; }
  OutcomeClass operator()(const Imported&) const { return {ClassKind::Imported}; }
  OutcomeClass operator()(const GlobalState&) const { return {ClassKind::State}; }
  OutcomeClass operator()(const TableState&) const { return {ClassKind::State}; }
  OutcomeClass operator()(const MemoryState&) const { return {ClassKind::State}; }
  OutcomeClass operator()(const ObjectsState&) const { return {ClassKind::State}; }
};

}  // namespace

OutcomeClass ClassOf(const Happening& happening) { return std::visit(Classifier{}, happening); }

std::string ClassText(const OutcomeClass& outcome) {
  const std::string_view name = kNames[static_cast<size_t>(outcome.kind)];
  if (outcome.kind == ClassKind::Trapped) return fmt::format("{} {}", name, outcome.traps.Text());
  if (outcome.kind == ClassKind::Exhausted) {
    return fmt::format("{} {}", name, LimitText(outcome.limit));
  }
  return std::string(name);
}

}  // namespace slabhound::trace
