// Translation: the state of compiling one body. Internal to the compiler.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "bytecode/budget.h"
#include "bytecode/bytecode.h"
#include "bytecode/linked_module.h"
#include "heap/fault.h"
#include "heap/layout.h"
#include "wasm/module.h"

namespace slabhound::bytecode {

class Translation {
 public:
  Translation(const LinkedModule& linked, const wasm::Body& body, heap::LayoutTable& layouts,
              heap::Fault fault, CompileBudget& budget,
              const std::vector<uint32_t>* sites = nullptr);

  // Types are canonical. Nothing: the budget is spent.
  std::optional<Function> Translate(std::span<const wasm::ValType> params,
                                    std::span<const wasm::ValType> locals,
                                    std::span<const wasm::ValType> results);

 private:
  // A position of the operand stack at compile time.
  struct Entry {
    enum class Kind : uint8_t { Temporary, Local, Constant, Null } kind = Kind::Temporary;
    bool traced = false;
    uint32_t local = 0;
    uint64_t bits = 0;
  };
  struct Label {
    wasm::Opcode op = wasm::Opcode::Block;
    uint32_t height = 0;                // of the stack below its parameters
    std::vector<bool> params, results;  // traced or not
    uint32_t loop_pc = 0;
    std::vector<uint32_t> jumps;  // ops to patch with the end
    std::optional<uint32_t> else_jump;
    const wasm::Instr* clauses = nullptr;  // a try_table with catch clauses
    uint32_t region = TryRegion::kNone;    // the innermost one inside
    bool is_reached = false;               // by a branch
  };

  // Control (translate_control.cc).
  void Control(const wasm::Instr& instr);
  void BeginBlock(const wasm::Instr& instr);
  void BeginTry(const wasm::Instr& instr, Label& label);
  void EndTry(Label& label);
  void LandingPad(const wasm::CatchClause& clause);
  void Else();
  void End();
  void Branch(uint32_t depth);
  // `branch` has no target yet, and its condition is off the stack.
  void BranchIf(uint32_t depth, Op branch);
  // What branches if the condition on top of the stack, which it pops, is not zero. A comparison
  // that was made for that only is taken back.
  Op PopCondition();
  static std::optional<Op> BranchOnComparison(const Op& comparison);
  Op WithConstant(Op branch, const Op& comparison);
  void BranchTable(const wasm::Instr& instr);
  void BranchOnNull(const wasm::Instr& instr);
  void BranchOnNonNull(const wasm::Instr& instr);
  void BranchOnCast(const wasm::Instr& instr);
  void Return();
  void Call(const wasm::Instr& instr);
  void Throw(const wasm::Instr& instr);
  void JumpTo(Label& label);
  // Moves the top values to where the label expects them; whether any op was needed is told by
  // WouldMove.
  void MoveTo(const Label& label);
  size_t Arity(const Label& label) const;
  bool IsFunctionLabel(const Label& label) const { return &label == labels_.data(); }

  // The rest (translate_plain.cc, translate_aggregate.cc).
  void Instruction(const wasm::Instr& instr);
  void Observe(const wasm::Instr& instr);
  void Plain(const wasm::Instr& instr);
  bool PlainWithConstant(const wasm::Instr& instr);
  void LaneAccess(const wasm::Instr& instr);
  void Needs(const wasm::Instr& instr);
  void Variable(const wasm::Instr& instr);
  void TableOrMemory(const wasm::Instr& instr);
  void Reference(const wasm::Instr& instr);
  void Select();
  bool Aggregate(const wasm::Instr& instr);
  void StructAccess(const wasm::Instr& instr);
  void ArrayAccess(const wasm::Instr& instr);

  // The operand stack.
  uint32_t Temporary(size_t position) const {
    return function_.local_count + static_cast<uint32_t>(position);
  }
  void PushTemporary(bool traced);
  void Push(Entry entry);
  // The register of a popped operand, materialized if it was a constant.
  uint32_t Pop();
  bool TopIsTraced() const { return stack_.back().traced; }
  void Materialize(size_t position);
  // Materializes entries from `position` up, local reads too.
  void Flush(size_t position);
  void FlushLocal(uint32_t local);
  uint32_t PopList(size_t count);  // the list's first index; operands in order
  uint32_t Result(bool traced);    // pushes a temporary and returns its register

  uint32_t Emit(Op op);
  uint32_t pc() const { return static_cast<uint32_t>(function_.ops.size()); }
  void SetTarget(uint32_t jump, uint32_t target) {
    function_.ops[jump].imm = uint64_t{target} - jump;  // modulo 2^64
    if (target == pc()) Fence();
  }
  // Control may come to the next op from elsewhere: what stands before it stays as it is.
  void Fence() { fence_ = pc(); }
  // The last op, if it made the value of this temporary wherever control comes from.
  Op* MakerOf(uint32_t temporary);
  void EmitCopy(uint32_t to, const Entry& from, size_t position);

  bool Traced(wasm::ValType type) const;
  std::vector<bool> TracedOf(std::span<const wasm::ValType> types) const;
  uint32_t Canonical(wasm::TypeIdx type) const {
    return static_cast<uint32_t>(linked_.module.type_ids[type]);
  }
  const wasm::SubType& TypeOf(wasm::TypeIdx type) const {
    return linked_.module.module->types[type];
  }
  uint64_t CastTarget(wasm::HeapType heap, bool nullable) const;

  const LinkedModule& linked_;
  const wasm::Body& body_;
  heap::LayoutTable& layouts_;
  heap::Fault fault_;
  CompileBudget& budget_;
  const std::vector<uint32_t>* sites_;  // of this body, if any
  Function function_;
  std::vector<bool> local_traced_;
  std::vector<Entry> stack_;
  std::vector<Label> labels_;
  size_t height_max_ = 0;
  uint32_t fence_ = 0;  // a pc
  bool reachable_ = true;
  uint32_t skipped_ = 0;  // blocks opened inside unreachable code
};

}  // namespace slabhound::bytecode
