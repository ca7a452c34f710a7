// RunState: what a run may still spend, why it stopped, and the exception on its way.
//
// 1. A stop (trap, exhaustion, panic, exception out of a host function) stands until it is taken:
//    then the run goes on at a handler, or its embedder call ends.
// 2. An exception is on its way from its throw until a handler has caught it, or until it became a
//    handle of the embedder. It is a root.
// What stops a run returns false, for `return run.StopTrap(…)`.
#pragma once

#include <optional>
#include <utility>

#include "exec/root_walk.h"
#include "machine/machine.h"

namespace slabhound::exec {

class RunState {
 public:
  explicit RunState(uint64_t fuel) : fuel_(fuel) {}

  uint64_t fuel() const { return fuel_; }
  void set_fuel(uint64_t fuel) { fuel_ = fuel; }
  // Whether fuel covers the cost, which is then taken; if not the run stops.
  bool TakeFuel(uint64_t cost) {
    if (fuel_ < cost) [[unlikely]]
      return StopWithoutFuel();
    fuel_ -= cost;
    return true;
  }
  bool TakeBulkFuel(uint64_t units) { return TakeFuel(units / machine::kBulkUnitsPerFuel); }

  bool StopTrap(machine::TrapKind kind);
  bool StopExhausted(machine::Resource resource);
  // At an instruction that is not run (machine/machine.h, F11).
  bool StopNeeds(wasm::Opcode op);
  bool Stop(machine::Failure failure);
  bool stopped() const { return stop_.has_value(); }
  bool stopped_by_exception() const {
    return stop_ && std::holds_alternative<machine::Thrown>(*stop_);
  }
  // Requires: stopped.
  machine::Failure TakeStop();
  void ClearStop() { stop_.reset(); }

  heap::Ref exception() const { return exception_; }
  void Throw(heap::Ref exception) { exception_ = exception; }
  heap::Ref TakeException() { return std::exchange(exception_, {}); }

  void VisitRoots(RootWalk& walk) { walk.Visit(exception_); }

 private:
  bool StopWithoutFuel();

  uint64_t fuel_;
  std::optional<machine::Failure> stop_;
  heap::Ref exception_;
};

}  // namespace slabhound::exec
