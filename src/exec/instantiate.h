// Instantiation (spec 4.5.4, rule F8 of embed/machine.h). Internal to exec.
#pragma once

#include <span>

#include "exec/vm.h"

namespace slabhound::exec {

Result<embed::InstanceId, embed::InstantiationFailure> Instantiate(
    Vm& vm, const embed::Machine& machine, const valid::ValidModule& module,
    std::span<const embed::Extern> imports);

}  // namespace slabhound::exec
