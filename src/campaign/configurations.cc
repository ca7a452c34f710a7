#include "campaign/configurations.h"

#include <fmt/format.h>

#include "base/check.h"

namespace slabhound::campaign {
namespace {

// "random-N", "every-safepoint".
std::string KindText(gc::Schedule::Kind kind) {
  std::string text = gc::ScheduleText({.kind = kind, .n = 2});
  if (text.ends_with('2')) text.back() = 'N';
  return text;
}

}  // namespace

void CountConfigurations(std::span<const engine::EngineSpec> asked,
                         std::span<const engine::EngineSpec> drawn,
                         std::map<std::string, uint64_t>& counts) {
  CHECK(asked.size() == drawn.size());
  for (size_t i = 0; i < asked.size(); ++i) {
    if (!engine::IsDrawn(asked[i])) continue;
    const engine::SlabSpec& slab = drawn[i].slab;
    ++counts[fmt::format("{} {}", gc::CollectorName(slab.collector), KindText(slab.schedule.kind))];
  }
}

}  // namespace slabhound::campaign
