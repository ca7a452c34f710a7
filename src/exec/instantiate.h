// Instantiation (spec 4.5.4, rule F8 of machine/machine.h). Internal to exec.
#pragma once

#include <span>

#include "exec/vm.h"

namespace slabhound::exec {

Result<machine::InstanceId, machine::InstantiationFailure> Instantiate(
    Vm& vm, const machine::Machine& machine, const valid::ValidModule& module,
    std::span<const machine::Extern> imports);

}  // namespace slabhound::exec
