// Runner: a script's commands on a fresh machine, each assertion judged.
//
// 1. An assertion passes exactly when the specification's own interpreter would let it pass:
//    results match their patterns; traps are compared by kind (the kind whose phrase the script
//    names); malformed and invalid by the class of the error; unlinkable by the phrase; exhaustion
//    must come from call depth, or from an object's size where the phrase is "object-size" or
//    "huge-object" (which the specification has no script for).
// 2. Passed counts assertions. Failed counts assertions and every other command that fails.
// 3. Each call and each instantiation has the same fuel. After a panic the machine is gone: the
//    panic is named, and what follows counts as failed.
// 4. Behind the last command the machine collects, and every global and element of a table is read
//    (4,096 of each table): a reference that was lost is a failure, whoever would have read it.
// 5. The import "slabhound" "gc" collects, also where the script registers a module of that name,
//    so that others take it; what else forces a collection (testcase/imports.def) does so where the
//    script registers nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "machine/machine.h"
#include "script/script.h"

namespace slabhound::script {

struct Failure {
  uint32_t line = 0;
  std::string message;  // one line: what was expected, what came
};

struct Report {
  uint64_t passed = 0, failed = 0;
  std::vector<Failure> failures;
};

// What a script's machine may use.
machine::Limits ScriptLimits();

// Requires: `machine` is fresh.
Report RunScript(const Script& script, machine::Machine& machine);

}  // namespace slabhound::script
