#include "gc/scheduler.h"

namespace slabhound::gc {
namespace {

using Kind = Schedule::Kind;

constexpr uint32_t kRandomOneIn = 16;

}  // namespace

Scheduler::Scheduler(const Schedule& schedule)
    : schedule_(schedule),
      has_safepoints_(schedule.kind == Kind::EverySafepoint || schedule.kind == Kind::Random),
      has_allocations_(has_safepoints_ || schedule.kind == Kind::EveryNth ||
                       schedule.kind == Kind::Pressure),
      rng_(schedule.n) {}

bool Scheduler::AtSafepoint() {
  if (!has_safepoints_) return false;
  return schedule_.kind == Kind::EverySafepoint || rng_.OneIn(kRandomOneIn);
}

bool Scheduler::DueAtAllocation(const heap::Heap& heap) {
  if (has_safepoints_) return AtSafepoint();
  return heap.bytes_in_use() >= heap.bytes_max() / 8 * 7;
}

Extent Scheduler::Next() {
  if (schedule_.extent) return *schedule_.extent;
  return ++collections_ % kFullOneIn == 0 ? Extent::Full : Extent::Minor;
}

}  // namespace slabhound::gc
