// The meanings of imported functions (diff/host.h) as functions of a portable form.
#pragma once

#include "testcase/portable_body.h"

namespace slabhound::testcase {

// Defines the original's imported functions.
void DefineImports(Form& form, Walk& walk, Bodies& bodies);

}  // namespace slabhound::testcase
