#include "trace/cut.h"

#include <fmt/format.h>

namespace slabhound::trace {
namespace {

// What raises it; empty for what an engine alone decides.
std::string_view FlagOf(const Cut& cut) {
  switch (cut.limit) {
    case Limit::Fuel:
      return cut.before ? "--fuel-total" : "--fuel";
    case Limit::CallDepth:
      return "--depth";
    case Limit::ObjectSize:
      return "--max-object";
    case Limit::Time:
    case Limit::SlowCompile:
      return "--engine-time";
    case Limit::Heap:
      return "--heap";
    default:
      return {};
  }
}

}  // namespace

std::optional<Cut> FirstCut(const Trace& trace) {
  size_t calls = 0;
  for (const Event& event : trace.events) {
    if (event.kind == EventKind::Call) ++calls;
    const auto* exhausted = std::get_if<Exhausted>(&event.what);
    if (exhausted != nullptr && exhausted->limit != Limit::HugeObject) {
      return Cut{exhausted->limit, calls, event.subject};
    }
  }
  // The plan's other calls were not made.
  if (trace.fuel_exhausted) return Cut{.limit = Limit::Fuel, .call = calls + 1, .before = true};
  return std::nullopt;
}

std::string CutText(const Cut& cut) {
  const std::string what = cut.limit == Limit::Instruction
                               ? "an instruction that does not run here came"
                               : fmt::format("{} ran out", LimitText(cut.limit));
  std::string text = fmt::format("{} {} ", what, cut.before ? "before" : "in");
  text += cut.call == 0 ? "the instantiation" : fmt::format("call {}", cut.call);
  if (!cut.export_name.empty()) text += fmt::format(", {}", cut.export_name);
  if (const auto flag = FlagOf(cut); !flag.empty()) text += fmt::format(" ({} raises it)", flag);
  return text;
}

}  // namespace slabhound::trace
