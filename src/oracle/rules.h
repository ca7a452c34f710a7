// The reduction rules (spec 4.6), one function for each instruction, named as in opcodes.def.
//
// A rule finds its operands on the stack, and Frame::pc behind its instruction. It leaves the stack
// as the specification says or returns why it cannot; after anything but Next the stack is the
// caller's to unwind.
#pragma once

#include "oracle/thread.h"
#include "wasm/opcode.h"

namespace slabhound::oracle::rules {

#define SLABHOUND_OP(name, ...) Step name(Thread& thread, const wasm::Instr& instr);
#define SLABHOUND_OP_NOT_RUN(...)
#include "wasm/opcodes.def"

}  // namespace slabhound::oracle::rules
