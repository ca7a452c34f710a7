// What bulk instructions and allocations cost in a portable form (machine/machine.h, F1, F3 and
// F6), as code around them.
//
// 1. The order is F1's: the instruction's own traps, the size of the object, fuel. Code before an
//    instruction only counts where it has no traps; else what it costs is taken behind it.
// 2. An object of more than object_bytes_max is asked for all the same, by the program's own
//    instruction, of the engine. Marks (trace/log.h) tell that it was, that one came, and whether
//    it is right: not null, as long as it must be, filled at both ends. Then the step traps.
//    portable/trace.h says which endings are fine.
// 3. What is known of a count that stands in the code as a constant costs no code: nothing at all
//    is added where it is neither too large nor costs fuel.
#pragma once

#include <map>
#include <optional>

#include "portable/walk.h"

namespace slabhound::portable {

// Whether a constant expression of the module allocates more than so much at once, as far as counts
// that are constants tell; the first global whose value is such an array, if there is one.
struct LargeInitializer {
  uint64_t bytes = 0;  // of the first
  std::optional<uint32_t> global;
};
std::optional<LargeInitializer> FindLargeInitializer(const wasm::Module& module,
                                                     uint64_t object_bytes_max);

class Bulk {
 public:
  Bulk(Form& form, Walk& walk) : form_(form), walk_(walk) {}

  // Of one instruction.
  struct Cost {
    const wasm::Instr* instr = nullptr;  // null: it costs nothing
    std::optional<uint64_t> count = {};  // known
    bool is_64 = false;                  // the operand, if it is not
    bool allocates = false;
    uint64_t count_max = UINT64_MAX;       // within object_bytes_max
    uint64_t count_ever = UINT64_MAX;      // within any
    std::optional<uint64_t> segment = {};  // elements that the segment holds before it is dropped

    bool too_large() const { return count && *count > count_max; }
    bool beyond_segment() const { return segment && count && *count > *segment; }
  };
  // `previous` is what stands in front of it in the body; null: nothing does.
  Cost CostOf(const wasm::Instr& instr, const wasm::Instr* previous) const;
  void Before(wasm::Code& code, const Cost& cost);
  void Behind(wasm::Code& code, const Cost& cost);

  // Code for the start function, if an initializer makes what is too large; it traps.
  void TellInitializer(wasm::Code& code);

 private:
  void SetCount(wasm::Code& code, uint64_t count) const;
  void ChargeKnown(wasm::Code& code, uint64_t count);
  wasm::Code ChargeCode();
  uint32_t Note(bool is_64);
  uint32_t Charge();
  uint32_t Admit(const Cost& cost);
  void LogLarge(wasm::Code& code, bool is_huge);
  uint32_t Judge(const wasm::Instr& instr);
  wasm::Code JudgeCode(const wasm::Instr& instr);
  // Code that tests for it, if it can be told; an empty one does not.
  wasm::Code DifferAtEnds(const wasm::Instr& instr) const;
  void IfMoreThan(wasm::Code& code, uint64_t count, wasm::BlockType type = {}) const;
  void Wrong(wasm::Code& code);

  Form& form_;
  Walk& walk_;
  std::optional<uint32_t> note_[2], charge_;
  std::map<uint64_t, uint32_t> admit_;                                // by the largest count
  std::map<std::pair<wasm::Opcode, wasm::TypeIdx>, uint32_t> judge_;  // of what it made
};

}  // namespace slabhound::portable
