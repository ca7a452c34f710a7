#include "engine/draw.h"

#include <array>
#include <numeric>
#include <span>

#include "base/check.h"
#include "base/rng.h"

namespace slabhound::engine {
namespace {

// Weights of the rows, in their order.
constexpr std::array kCollectors = {
#define SLABHOUND_COLLECTOR(name, text, minor, full, weight, ...) uint32_t{weight},
#include "gc/collectors.def"
};
constexpr std::array kSchedules = {
#define SLABHOUND_SCHEDULE(name, text, weight, ...) uint32_t{weight},
#include "gc/schedules.def"
};
constexpr std::array kReuses = {
#define SLABHOUND_REUSE(name, text, weight, ...) uint32_t{weight},
#include "heap/settings.def"
};
constexpr std::array kStarts = {
#define SLABHOUND_START(name, text, weight, ...) uint32_t{weight},
#include "heap/settings.def"
};
constexpr std::array kVerifications = {
#define SLABHOUND_VERIFICATION(name, text, weight, ...) uint32_t{weight},
#include "heap/settings.def"
};

template <typename Enum>
Enum DrawRow(std::span<const uint32_t> weights, Rng& rng) {
  uint64_t left = rng.Below(std::accumulate(weights.begin(), weights.end(), uint64_t{0}));
  for (size_t row = 0; row < weights.size(); ++row) {
    if (left < weights[row]) return static_cast<Enum>(row);
    left -= weights[row];
  }
  UNREACHABLE();
}

gc::Schedule DrawSchedule(bool has_minor, Rng& rng) {
  using Kind = gc::Schedule::Kind;
  constexpr uint64_t kNthMax = 8, kSeeds = 1000, kExtents = 4;
  gc::Schedule schedule{.kind = DrawRow<Kind>(kSchedules, rng)};
  // Half of them before each allocation: there a lost reference is met soonest.
  if (schedule.kind == Kind::EveryNth && rng.OneIn(2)) {
    schedule.n = static_cast<uint32_t>(2 + rng.Below(kNthMax - 1));
  }
  if (schedule.kind == Kind::Random) schedule.n = static_cast<uint32_t>(rng.Below(kSeeds));
  if (!has_minor || schedule.kind == Kind::Never) return schedule;
  const uint64_t extent = rng.Below(kExtents);
  if (extent == 0) schedule.extent = gc::Extent::Minor;
  if (extent == 1) schedule.extent = gc::Extent::Full;
  return schedule;
}

}  // namespace

SlabSpec Draw(const SlabSpec& spec, uint64_t draw) {
  CHECK(spec.drawn);
  Rng rng = Rng(draw).Fork("slab").Fork(*spec.drawn);
  SlabSpec own{.collector = DrawRow<gc::CollectorKind>(kCollectors, rng), .fault = spec.fault};
  own.schedule = DrawSchedule(gc::HasMinor(own.collector), rng);
  own.settings = {.reuse = DrawRow<heap::Reuse>(kReuses, rng),
                  .start = DrawRow<heap::Start>(kStarts, rng),
                  .verification = DrawRow<heap::Verification>(kVerifications, rng)};
  return own;
}

}  // namespace slabhound::engine
