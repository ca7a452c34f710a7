// The reference interpreter as a Machine: simple, slow, written from the specification for reading.
//
// 1. It shares the decoded, validated module with the other engines and nothing else: no heap, gc
//    or exec.
// 2. Objects live in a container that only grows; heap_bytes_max bounds their sum over the
//    machine's life.
// 3. Every value carries its type; a value of the wrong type is a broken invariant of ours and
//    aborts.
// 4. rules.h has one function for each instruction, eval.h what they share; nothing is cached but
//    where a function's blocks end.
#pragma once

#include <memory>

#include "machine/machine.h"

namespace slabhound::oracle {

std::unique_ptr<machine::Machine> MakeMachine(wasm::TypeStore& types,
                                              const machine::Limits& limits);

}  // namespace slabhound::oracle
