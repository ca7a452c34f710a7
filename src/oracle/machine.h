// The reference interpreter as a Machine: slow, simple, never frees, written from the specification
// for reading.
//
// 1. It shares the decoded, validated module with the other engines and nothing else: no heap, gc
// or exec.
// 2. Objects live in a container that only grows; heap_bytes_max bounds their sum over the
// machine's life.
// 3. Every value carries its type; a value of the wrong type is a broken invariant of ours and
// aborts.
#pragma once

#include <memory>

#include "embed/machine.h"

namespace slabhound::oracle {

std::unique_ptr<embed::Machine> MakeMachine(wasm::TypeStore& types, const embed::Limits& limits);

}  // namespace slabhound::oracle
