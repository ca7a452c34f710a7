#include "exec/run_state.h"

#include "base/check.h"

namespace slabhound::exec {

bool RunState::StopTrap(embed::TrapKind kind) { return Stop(embed::Trap{kind}); }

bool RunState::StopExhausted(embed::Resource resource) { return Stop(embed::Exhausted{resource}); }

bool RunState::Stop(embed::Failure failure) {
  stop_ = std::move(failure);
  return false;
}

bool RunState::StopWithoutFuel() {
  fuel_ = 0;
  return StopExhausted(embed::Resource::Fuel);
}

embed::Failure RunState::TakeStop() {
  CHECK(stop_.has_value());
  embed::Failure failure = std::move(*stop_);
  stop_.reset();
  return failure;
}

}  // namespace slabhound::exec
