#include "gc/scheduler.h"

namespace slabhound::gc {
namespace {

using Kind = Schedule::Kind;

constexpr uint32_t kRandomOneIn = 16;

}  // namespace

Scheduler::Scheduler(const Schedule& schedule)
    : schedule_(schedule),
      at_safepoints_(schedule.kind == Kind::EverySafepoint || schedule.kind == Kind::Random),
      at_allocations_(at_safepoints_ || schedule.kind == Kind::EveryNth ||
                      schedule.kind == Kind::Pressure),
      rng_(schedule.n) {}

bool Scheduler::DueAtSafepoint() {
  return schedule_.kind == Kind::EverySafepoint || rng_.OneIn(kRandomOneIn);
}

bool Scheduler::DueAtAllocation(const heap::Heap& heap) {
  if (at_safepoints_) return DueAtSafepoint();
  if (schedule_.kind == Kind::EveryNth) return ++allocations_ % schedule_.n == 0;
  return heap.bytes_in_use() >= heap.bytes_max() / 8 * 7;
}

Extent Scheduler::Next() {
  if (schedule_.extent) return *schedule_.extent;
  return ++collections_ % kFullOneIn == 0 ? Extent::Full : Extent::Minor;
}

}  // namespace slabhound::gc
