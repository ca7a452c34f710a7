#include "exec/run_state.h"

#include "base/check.h"

namespace slabhound::exec {

bool RunState::StopTrap(machine::TrapKind kind) { return Stop(machine::Trap{kind}); }

bool RunState::StopExhausted(machine::Resource resource) {
  return Stop(machine::Exhausted{resource});
}

bool RunState::StopNeeds(wasm::Opcode op) {
  return Stop(machine::Exhausted{machine::Resource::Instruction, op});
}

bool RunState::Stop(machine::Failure failure) {
  stop_ = std::move(failure);
  return false;
}

bool RunState::StopWithoutFuel() {
  fuel_ = 0;
  return StopExhausted(machine::Resource::Fuel);
}

machine::Failure RunState::TakeStop() {
  CHECK(stop_.has_value());
  machine::Failure failure = std::move(*stop_);
  stop_.reset();
  return failure;
}

}  // namespace slabhound::exec
