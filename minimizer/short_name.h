// Names as short as they can be.
#pragma once

#include <string>

#include "testcase/testcase.h"

namespace slabhound::minimizer {

// The empty name for 0, then one letter, then more: each number has a name of its own.
std::string ShortName(size_t number);

// Calls of the plan follow.
void RenameExport(testcase::TestCase& test_case, size_t exported, const std::string& name);

}  // namespace slabhound::minimizer
