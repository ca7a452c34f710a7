// Collections that an engine is made to do at drawn places, or by its schedule, as instructions of
// the case: plain calls of the import "slabhound" "gc".
//
// 1. Behind a worker: the portable form of what comes out is that of what went in, instruction for
//    instruction, up to the numbers of functions and types. The engine draws no places any more
//    (`points=0`), and says which budgets are calls where that is not what it has by default.
// 2. Of the slab engine: all places where its schedule may collect; it then collects at those calls
//    alone (`explicit`). Its thinning (trace/limits.h) and its stack maps of other instructions may
//    make a difference: who needs the same findings asks for them.
// 3. An import that forces a collection is used again; else a new one is the first of all, and all
//    functions have an index more.
#pragma once

#include <optional>

#include "engine/spec.h"
#include "testcase/testcase.h"

namespace slabhound::diff {

struct Materialized {
  testcase::TestCase test_case;
  engine::EngineSpec spec;
};

// Nothing: the module is invalid, or the engine has no collections to choose (the oracle, a plain
// command).
std::optional<Materialized> Materialize(const testcase::TestCase& test_case,
                                        const engine::EngineSpec& spec);

// The same functions, once each has an index that is greater by one.
engine::Straight WithOtherParity(engine::Straight straight);

}  // namespace slabhound::diff
