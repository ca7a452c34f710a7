// A specification script as a test case: its one module, and a call for each action on it.
//
// 1. What the script expects is left to `slabhound wast`: a case is held against the oracle.
// 2. A script of no or several modules, and one whose arguments no plan tells, is one line that
//    names that command.
#pragma once

#include <string>

#include "base/result.h"
#include "script/script.h"
#include "testcase/testcase.h"

namespace slabhound::cli {

// The script's modules, wherever they stand.
std::vector<const script::ModuleSource*> ModulesOf(const script::Script& script);

// The error is what is wrong, with its line, without the path.
Result<testcase::TestCase, std::string> CaseOfScript(const script::Script& script);

}  // namespace slabhound::cli
