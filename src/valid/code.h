// The validator of expressions: function bodies and constant expressions (spec 3.4 and appendix
// A.3).
//
// 1. Operand and control stack hold canonical types; Bottom, or a reference to kBottomHeap, stands
//    for an operand of unreachable code whose type nothing fixes.
// 2. Control stack entries are popped by End alone; frame heights never exceed the operand stack.
// 3. One object validates many bodies, one after another: its vectors are the scratch memory.
// Rules that a signature in opcodes.def states are applied from there; each other instruction has
// one function, in the file of its family: control, variable, memory and table, reference,
// aggregate.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "valid/frame.h"
#include "valid/module_context.h"

namespace slabhound::valid {

// The heap type below all others; it exists only here, as the principal type of `unreachable
// ref.as_non_null`.
inline constexpr wasm::HeapType kBottomHeap{
    static_cast<wasm::AbstractHeap>(wasm::kAbstractHeapCount)};

class CodeValidator {
 public:
  explicit CodeValidator(const ModuleContext& context)
      : context_(context), module_(context.module), types_(context.types()) {}

  // `type` is the function's type.
  Result<void, wasm::Error> ValidateFunction(const wasm::Function& function,
                                             const wasm::FuncType& type);

  using Several = std::map<uint32_t, std::vector<wasm::ValType>>;

  // Notes of the next function go there, one for each instruction; null: none.
  void NoteInto(FunctionNotes* notes) { notes_ = notes; }
  void WideningsInto(std::vector<Widening>* widenings, Several* several) {
    widenings_ = widenings;
    several_ = several;
  }

  // A constant expression of canonical type `type`; it sees context.visible_globals globals.
  Result<void, wasm::Error> ValidateConstant(const wasm::Body& body, wasm::ValType type);

 private:
  using ValType = wasm::ValType;
  using HeapType = wasm::HeapType;
  using Instr = wasm::Instr;
  using ErrorCode = wasm::ErrorCode;

  // code.cc: the driver.
  void Start(const wasm::Body& body, BlockSignature signature);
  Result<void, wasm::Error> Run(bool constant);
  bool Step(const Instr& instr);
  void Note();
  bool ApplySignature(const Instr& instr);
  bool Declare(ValType local);

  // Every rule returns false after Fail: the first failure is the body's error.
  [[gnu::cold]] bool Fail(ErrorCode code, std::string detail = {});
  [[gnu::cold]] bool FailOperand(ValType expected, ValType actual);
  [[gnu::cold]] bool FailUnderflow();
  [[gnu::cold]] bool FailIndex(ErrorCode code, uint64_t index);

  // operand_stack.cc
  bool Matches(ValType actual, ValType expected) const;
  bool MatchAll(std::span<const ValType> actual, std::span<const ValType> expected);
  void Push(ValType type) { operands_.push_back(type); }
  // Counts checks of lists of types; too many of them, or too high a stack, end the validation.
  bool Spend(size_t checks);
  void PushAll(std::span<const ValType> types) {
    checks_ += types.size();
    operands_.insert(operands_.end(), types.begin(), types.end());
  }
  bool Pop(ValType expected) {
    const Frame& frame = control_.back();
    if (operands_.size() == frame.height) return frame.unreachable || FailUnderflow();
    const ValType actual = operands_.back();
    operands_.pop_back();
    untouched_ = std::min(untouched_, operands_.size());
    return actual == expected || Widens(actual, expected, operands_.size());
  }
  // Of the operand that stands, or stood, at this height.
  bool Widens(ValType actual, ValType expected, size_t height);
  bool PopAny(ValType& out);
  bool PopRef(ValType& out);  // Bottom becomes (ref kBottomHeap)
  bool PopAll(std::span<const ValType> types);
  void Unreachable();

  // Lookups that fail with their own error.
  bool CheckIndex(uint32_t type);  // any 32 bits: not every index fits a HeapType
  bool CheckType(HeapType type);
  bool CheckType(ValType type);
  const wasm::FuncType* Func(uint32_t type);
  const wasm::StructType* Struct(uint32_t type);
  const wasm::ArrayType* Array(uint32_t type);
  const wasm::FieldType* Field(uint32_t type, uint32_t field);
  const wasm::TableType* Table(uint32_t index);
  const wasm::MemoryType* Memory(uint32_t index);
  const Frame* Label(uint32_t index);
  bool CheckElem(uint32_t index);
  bool CheckData(uint32_t index);
  ValType RefTo(uint32_t type, bool nullable) const {
    return ValType::Ref(HeapType::Index(static_cast<uint32_t>(context_.valid.type_ids[type])),
                        nullable);
  }
  static ValType Address(const wasm::Limits& limits) {
    return limits.is_64 ? ValType::I64 : ValType::I32;
  }

  // control.cc
  bool Signature(const Instr& instr, BlockSignature& out);
  bool Enter(const Instr& instr);
  bool EnterTry(const Instr& instr);
  bool CheckCatch(const wasm::CatchClause& clause);
  bool LegacyCatch(const Instr& instr);
  bool Delegate(const Instr& instr);
  bool Rethrow(const Instr& instr);
  bool CloseFrame();
  bool Else();
  bool End();
  bool Br(const Instr& instr);
  bool BrIf(const Instr& instr);
  bool BrTable(const Instr& instr);
  bool Return();
  bool Throw(const Instr& instr);
  bool ThrowRef();
  bool CallFunction(const wasm::FuncType& type, bool is_tail);
  bool Call(const Instr& instr, bool is_tail);
  bool CallIndirect(const Instr& instr, bool is_tail);
  bool CallRef(const Instr& instr, bool is_tail);

  // variable.cc
  bool Drop();
  bool Select();
  bool SelectTyped(const Instr& instr);
  bool LocalGet(const Instr& instr);
  bool LocalSet(const Instr& instr, bool is_tee);
  bool GlobalGet(const Instr& instr);
  bool GlobalSet(const Instr& instr);

  // memory_table.cc
  bool CheckAccess(const Instr& instr);
  bool CheckLane(const Instr& instr, uint32_t lane);
  bool CheckShuffle(const Instr& instr);
  bool MemoryInit(const Instr& instr);
  bool MemoryCopy(const Instr& instr);
  bool TableGet(const Instr& instr);
  bool TableSet(const Instr& instr);
  bool TableInit(const Instr& instr);
  bool TableCopy(const Instr& instr);
  bool TableGrow(const Instr& instr);
  bool TableSize(const Instr& instr);
  bool TableFill(const Instr& instr);

  // reference.cc
  bool RefNull(const Instr& instr);
  bool RefIsNull();
  bool RefFunc(const Instr& instr);
  bool RefEq();
  bool RefAsNonNull();
  bool BrOnNull(const Instr& instr);
  bool BrOnNonNull(const Instr& instr);
  bool RefTest(const Instr& instr);
  bool RefCast(const Instr& instr, bool nullable);
  bool BrOnCast(const Instr& instr, bool on_fail);
  bool ConvertExtern(wasm::AbstractHeap from, wasm::AbstractHeap to);
  bool RefI31();
  bool I31Get();

  // aggregate.cc
  bool StructNew(const Instr& instr);
  bool StructNewDefault(const Instr& instr);
  bool StructGet(const Instr& instr, bool is_packed);
  bool StructSet(const Instr& instr);
  bool ArrayNew(const Instr& instr);
  bool ArrayNewDefault(const Instr& instr);
  bool ArrayNewFixed(const Instr& instr);
  bool ArrayNewData(const Instr& instr);
  bool ArrayNewElem(const Instr& instr);
  bool ArrayGet(const Instr& instr, bool is_packed);
  bool ArraySet(const Instr& instr);
  bool ArrayLen();
  bool ArrayFill(const Instr& instr);
  bool ArrayCopy(const Instr& instr);
  bool ArrayInitData(const Instr& instr);
  bool ArrayInitElem(const Instr& instr);
  const wasm::ArrayType* MutableArray(uint32_t type);
  bool CheckArrayData(const wasm::ArrayType& array, uint32_t data);
  bool CheckArrayElem(const wasm::ArrayType& array, uint32_t elem);

  const ModuleContext& context_;
  const wasm::Module& module_;
  const wasm::TypeStore& types_;
  FunctionNotes* notes_ = nullptr;
  std::vector<Widening>* widenings_ = nullptr;
  Several* several_ = nullptr;
  const wasm::Body* body_ = nullptr;
  bool constant_ = false;
  uint32_t at_ = 0;       // index in body_->code of the instruction at hand
  uint64_t checks_ = 0;   // of all bodies
  size_t untouched_ = 0;  // as in StackNote, of the instruction at hand
  std::vector<ValType> operands_;
  std::vector<Frame> control_;
  std::vector<ValType> locals_;
  std::vector<uint8_t> local_set_;  // per local: certainly initialized here
  std::vector<uint32_t>
      initialized_;  // locals set since the function's start, innermost frame last
  wasm::Error error_{};
};

}  // namespace slabhound::valid
