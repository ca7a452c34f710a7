// The meanings of imported functions (trace/host.h) as functions of a portable form.
#pragma once

#include "portable/body.h"

namespace slabhound::portable {

// Defines the original's imported functions.
void DefineImports(Form& form, Walk& walk, Bodies& bodies);

}  // namespace slabhound::portable
