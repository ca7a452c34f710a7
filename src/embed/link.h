// Import matching (spec 4.5.3), the same for every machine.
#pragma once

#include <optional>
#include <span>

#include "embed/machine.h"

namespace slabhound::embed {

// The first import that does not match, if any: "incompatible import type: module.name …".
// Requires: imports.size() equals the module's number of imports.
std::optional<ImportFailure> CheckImports(const Machine& machine, const valid::ValidModule& module,
                                          std::span<const Extern> imports);

}  // namespace slabhound::embed
