// What a GC-free module does, told in the same words for our oracle and for wabt's interpreter.
//
// 1. One step for instantiation, one for each call, and one for the final globals and memories,
//    which is there only when nothing ran out. A step holds the import calls and the outcome.
// 2. A step in which a resource ran out is left out, with all that would follow: what happened in
//    it depends on how each side counts.
// 3. All NaNs are one value: the specification leaves their bits open (4.3.3). A funcref is told by
//    the function's index, an externref by its host object's number.
// 4. Every imported function logs its call and returns zeros and nulls; every imported global is
//    zero or null.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "diff/dispatch.h"

namespace slabhound::fuzz {

using Step = std::vector<std::string>;

struct Observation {
  std::vector<Step> steps;
  bool exhausted = false;
};

// Both need a module that imports functions and globals only and has no start function.
Observation ObserveOracle(const diff::Prepared& prepared);
// Takes at most `steps` steps: those of the oracle, so that wabt, which has no fuel, ends too.
// `module` is the encoded form of prepared.module. Nothing when wabt refuses the module; then
// `refusal` says why.
std::optional<Observation> ObserveWabt(ByteSpan module, const diff::Prepared& prepared,
                                       size_t steps, std::string& refusal);

// The words.
std::string NumberWord(wasm::ValType type, uint64_t bits);
std::string RefWord(wasm::ValType type, std::optional<uint32_t> what);  // nothing: null
std::string CallWord(const wasm::Import& import, const std::vector<std::string>& arguments);
std::string OutcomeWord(machine::TrapKind trap);
std::string OutcomeWord(const std::vector<std::string>& results);
std::string GlobalWord(size_t index, const std::string& value);
std::string MemoryWord(size_t index, ByteSpan bytes);

}  // namespace slabhound::fuzz
