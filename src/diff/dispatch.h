// Runs a test case on any engine: in this process, behind a worker, or as a plain command.
//
// Run is deterministic in (prepared test case, specification, limits) for engines of this process.
// Behind workers it is what the engine makes of it.
#pragma once

#include <memory>

#include "bytecode/code_cache.h"
#include "engine/spec.h"
#include "testcase/prepared.h"
#include "trace/trace.h"
#include "worker/lab.h"

namespace slabhound::diff {

// With what the slab engines of one process share.
struct Prepared : testcase::Prepared {
  std::unique_ptr<bytecode::CodeCache> code = {};
};
// An invalid module is the error; a generated one is then rejected.
Result<Prepared, wasm::Error> Prepare(testcase::TestCase test_case);

// Requires: an engine of this process.
std::unique_ptr<machine::Machine> MakeMachine(const engine::EngineSpec& spec,
                                              wasm::TypeStore& types,
                                              const machine::Limits& limits);

trace::Trace Run(const Prepared& prepared, const engine::EngineSpec& spec, const worker::Lab& lab);

}  // namespace slabhound::diff
