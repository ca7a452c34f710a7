// The rules of type sections (spec 3.2): indices in range, supertypes declared before, open and
// matched.
#pragma once

#include "base/result.h"
#include "valid/valid_module.h"

namespace slabhound::valid {

// Interns the types of `module` and fills valid.type_ids.
Result<void, wasm::Error> ValidateTypes(const wasm::Module& module, ValidModule& valid);

}  // namespace slabhound::valid
