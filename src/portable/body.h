// Budgets and GC points in the code of a portable form (portable.h, 4).
//
// 1. Depth needs nothing at a function's exits: each function keeps its own depth in a local and
//    sets the global before each call, so that whatever way control came back, the next callee
//    counts from the right one.
// 2. What is inserted leaves the operand stack as it is and allocates nothing: a collector meets
//    the program's own code. While fuel lasts it calls nothing but for bulk instructions whose
//    count is no constant, or, in straight functions, branches nowhere: compilers lose references
//    in whole blocks, too.
// 3. A function is asked for its number (walk.h) where it finds no fuel.
#pragma once

#include <optional>

#include "portable/bulk.h"
#include "portable/places.h"
#include "portable/walk.h"

namespace slabhound::portable {

class Bodies {
 public:
  Bodies(Form& form, Walk& walk);

  // What each function of the original, imported or not, starts with. `depth` is the local to keep
  // its depth in, if it calls anything.
  void Enter(wasm::Code& code, uint32_t function, std::optional<uint32_t> depth);
  // Code at its start that answers who asks for its number instead, where anybody can (3).
  void AnswerNumber(wasm::Code& code, uint32_t function) const;
  // Before a call.
  void SetDepth(wasm::Code& code, uint32_t depth) const;

  Result<void, PortableError> RewriteAll();

  // What costs beside entries and loops.
  Bulk& bulk() { return bulk_; }

  // Code that throws, with the tag's fields on the stack; without exceptions it logs and traps.
  void Throw(wasm::Code& code, uint32_t tag);

 private:
  Result<void, PortableError> Rewrite(uint32_t id, const wasm::Function& function);
  // `previous` as in Bulk::CostOf.
  void RewriteInstr(wasm::Code& code, const wasm::Instr& instr, const wasm::Instr* previous,
                    uint32_t depth, bool straight);
  bool IsStraight(uint32_t function) const;
  void CheckDepth(wasm::Code& code);
  uint32_t Charge(std::optional<uint32_t>& id, bool entry);
  Result<void, PortableError> CheckNoExceptions() const;
  void ChargeFuel(wasm::Code& code, const wasm::Code& out_of_fuel) const;
  void Collect(wasm::Code& code);
  uint32_t Failing(std::optional<uint32_t>& id, trace::EventWord word);
  wasm::Code OutOfFuel();

  Form& form_;
  Walk& walk_;
  Bulk bulk_;
  Places places_;
  std::optional<uint32_t> out_of_fuel_, out_of_depth_, enter_, again_;
  std::vector<std::optional<uint32_t>> throwers_;  // by tag
};

}  // namespace slabhound::portable
