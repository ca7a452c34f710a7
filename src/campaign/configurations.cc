#include "campaign/configurations.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace slabhound::campaign {
namespace {

// "random-N", "every-safepoint".
std::string KindText(gc::Schedule::Kind kind) {
  std::string text = gc::ScheduleText({.kind = kind, .n = 2});
  if (text.ends_with('2')) text.back() = 'N';
  return text;
}

}  // namespace

void CountConfigurations(const CaseRun& run, uint64_t number,
                         std::map<std::string, uint64_t>& counts) {
  // Most campaigns on real engines draw none, and each case comes by here.
  if (std::ranges::none_of(run.engines, engine::IsDrawn)) return;
  const std::vector<engine::EngineSpec> drawn = run.EnginesOf(number);
  for (size_t i = 0; i < drawn.size(); ++i) {
    if (!engine::IsDrawn(run.engines[i])) continue;
    const engine::SlabSpec& slab = drawn[i].slab;
    ++counts[fmt::format("{} {}", gc::CollectorName(slab.collector), KindText(slab.schedule.kind))];
  }
}

}  // namespace slabhound::campaign
