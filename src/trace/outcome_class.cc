#include "trace/outcome_class.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace slabhound::trace {
namespace {

constexpr std::array<std::string_view, 16> kNames = {
    "nothing",        "ok",           "returns",  "trap",          "throws",
    "exhausted",      "refused",      "rejected", "no call",       "uncaught exception",
    "unreadable log", "wrong object", "failure",  "wrong verdict", "import",
    "state"};

// Classes stand in the order of the variant, behind Nothing.
static_assert(std::is_same_v<std::variant_alternative_t<13, Happening>, Imported>);
static_assert(static_cast<size_t>(ClassKind::Imported) == 14);

}  // namespace

OutcomeClass ClassOf(const Happening& happening) {
  constexpr auto kLast = static_cast<size_t>(ClassKind::State);
  OutcomeClass outcome{static_cast<ClassKind>(std::min(happening.index() + 1, kLast))};
  if (const auto* trapped = std::get_if<Trapped>(&happening)) outcome.traps = trapped->traps;
  if (const auto* ran_out = std::get_if<Exhausted>(&happening)) outcome.limit = ran_out->limit;
  return outcome;
}

std::string ClassText(const OutcomeClass& outcome) {
  const std::string_view name = kNames[static_cast<size_t>(outcome.kind)];
  if (outcome.kind == ClassKind::Trapped) return fmt::format("{} {}", name, outcome.traps.Text());
  if (outcome.kind == ClassKind::Exhausted) {
    return fmt::format("{} {}", name, LimitText(outcome.limit));
  }
  return std::string(name);
}

}  // namespace slabhound::trace
