// Binaryen's own interpreter, in process, as an engine: runs a module with the imports of the
// portable form (portable/portable.h) and tells what each step did, in the words of
// worker/protocol.h.
//
// 1. A step's end, its text and its log are all that leaves; Binaryen's printing goes to stderr.
// 2. The imports of module "slabhound" are provided; a module that imports anything else is
//    rejected. `gc` does nothing: objects are counted references.
// 3. Nothing bounds the time of a run but the module itself, and call depth is bounded by
//    Binaryen, at 200.
// 4. As generation does (gen/binaryen.h), it never frees types and aborts the process on Binaryen's
//    own bugs: call it in a process that is recycled.
//
// Its .cc is the second and last file that knows Binaryen's headers: the generator makes modules
// and the interpreter is one engine among others that runs them; neither needs the other.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace slabhound::workers {

enum class InterpreterEnd : uint8_t { Returns, Trap, Exception, Rejected, Limit, InternalError };

struct InterpreterStep {
  InterpreterEnd end = InterpreterEnd::Returns;
  std::string text;           // what Binaryen says of a trap, a limit or a rejection
  std::vector<uint64_t> log;  // the first log_max values
  uint64_t logged = 0;        // all of them
};

struct InterpreterRun {
  InterpreterStep instantiate;
  std::vector<InterpreterStep> calls;  // as far as they came, the last one included
};

// `valid`: the module is known to be; Binaryen's validator, a tenth of a run, is not asked. `at` is
// told "instantiate" and each export before it begins.
InterpreterRun RunBinaryenInterpreter(ByteSpan module, std::span<const std::string> exports,
                                      uint64_t log_max, bool valid = false,
                                      const std::function<void(std::string_view)>& at = {});

}  // namespace slabhound::workers
