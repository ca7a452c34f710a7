// Imports given to a test case before anything runs: its module is rewritten, so that every engine
// runs the same thing.
//
// 1. With answers (answers.h): a function answers as recorded, globals, tables and memories are
//    what they were, and the host's calls from outside are the plan. Functions of libraries and
//    those of testcase/imports.def keep their meaning; any other that was never called departs.
// 2. Without: functions of libraries (provide.def) get theirs; what the host of trace/host.h has no
//    value for gets a new one (defaults.h).
// 3. All else stays an import, with the meaning of trace/host.h.
// 4. A module that needs nothing of this stays as it is, and an invalid one: its error is told by
//    whoever prepares it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "provide/answers.h"
#include "testcase/testcase.h"

namespace slabhound::provide {

// The error is one line: an answer that does not fit its import.
Result<testcase::TestCase, std::string> Provide(testcase::TestCase test_case,
                                                const Answers* answers = nullptr);

// One line for each import: its type, and what it is given. Requires: the module is valid.
Result<std::string, std::string> ImportsText(const testcase::TestCase& test_case,
                                             const Answers* answers = nullptr);

}  // namespace slabhound::provide
