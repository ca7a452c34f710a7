#include "valid/code.h"

#include <array>
#include <string_view>

#include "base/check.h"
#include "valid/constant.h"
#include "wasm/limits.h"

namespace slabhound::valid {
namespace {

using wasm::Immediates;
using wasm::Opcode;

// A signature of opcodes.def, ready to apply: letters in stack order, a 0 behind the last.
struct SignatureRow {
  bool is_simple = false;
  Immediates immediates = Immediates::None;
  uint8_t operand_count = 0;
  std::array<char, 3> operands{};
  char result = 0;
};

constexpr SignatureRow ParseSignature(Immediates immediates, std::string_view signature) {
  SignatureRow row{.immediates = immediates};
  if (signature.starts_with('*')) return row;
  row.is_simple = true;
  size_t i = 0;
  for (; signature[i] != ':'; ++i) row.operands[row.operand_count++] = signature[i];
  if (i + 1 < signature.size()) row.result = signature[i + 1];
  return row;
}

constexpr std::array<SignatureRow, wasm::kOpcodeCount> kSignatures = {
#define SLABHOUND_OP(name, text, prefix, code, immediates, signature, feature, gc) \
  ParseSignature(Immediates::immediates, signature),
#include "wasm/opcodes.def"
};

constexpr wasm::ValType TypeOf(char letter, wasm::ValType address) {
  switch (letter) {
    case 'i':
      return wasm::ValType::I32;
    case 'I':
      return wasm::ValType::I64;
    case 'f':
      return wasm::ValType::F32;
    case 'F':
      return wasm::ValType::F64;
    case 'V':
      return wasm::ValType::V128;
    default:
      return address;
  }
}

}  // namespace

void CodeValidator::Start(const wasm::Body& body, BlockSignature signature) {
  body_ = &body;
  at_ = 0;
  operands_.clear();
  locals_.clear();
  local_set_.clear();
  initialized_.clear();
  control_.clear();
  control_.push_back({.op = Opcode::Block,
                      .unreachable = false,
                      .height = 0,
                      .init_height = 0,
                      .signature = signature});
}

bool CodeValidator::Declare(ValType local) {
  if (!CheckType(local)) return false;
  locals_.push_back(context_.valid.Canonical(local));
  local_set_.push_back(local.is_defaultable() ? 1 : 0);
  return true;
}

Result<void, wasm::Error> CodeValidator::ValidateFunction(const wasm::Function& function,
                                                          const wasm::FuncType& type) {
  Start(function.body, {.type = &type, .result = {}, .has_result = false});
  constant_ = false;
  if (type.params.size() + function.locals.size() > wasm::limits::kLocalsMax) {
    return Invalid(ErrorCode::LimitExceeded, function.offset, "locals");
  }
  locals_.assign(type.params.begin(), type.params.end());
  local_set_.assign(type.params.size(), 1);
  for (const ValType local : function.locals) {
    if (!Declare(local)) {
      error_.offset = function.offset;
      return slabhound::Fail(std::move(error_));
    }
  }
  return Run(false);
}

Result<void, wasm::Error> CodeValidator::ValidateConstant(const wasm::Body& body, ValType type) {
  Start(body, {.type = nullptr, .result = type, .has_result = true});
  constant_ = true;
  return Run(true);
}

Result<void, wasm::Error> CodeValidator::Run(bool constant) {
  const std::vector<Instr>& code = body_->code;
  for (; at_ < code.size(); ++at_) {
    const Instr& instr = code[at_];
    bool ok = !control_.empty() || Fail(ErrorCode::EndExpected, "instructions after the last end");
    if (constant) {
      ok = ok && (IsConstant(instr.op) ||
                  Fail(ErrorCode::ConstantRequired, std::string(wasm::Info(instr.op).text)));
    }
    untouched_ = operands_.size();
    if (!ok || !Step(instr) || !Spend(0)) return slabhound::Fail(std::move(error_));
    if (notes_ && !constant) Note();
  }
  if (!control_.empty()) {
    Fail(ErrorCode::EndExpected);
    return slabhound::Fail(std::move(error_));
  }
  return {};
}

void CodeValidator::Note() {
  notes_->push_back({.height = static_cast<uint32_t>(operands_.size()),
                     .untouched = static_cast<uint32_t>(untouched_),
                     .top = operands_.empty() ? ValType::Bottom : operands_.back(),
                     .unreachable = !control_.empty() && control_.back().unreachable});
  if (several_ != nullptr && operands_.size() > untouched_ + 1) {
    several_->emplace(
        at_, std::vector<ValType>(operands_.begin() + static_cast<std::ptrdiff_t>(untouched_),
                                  operands_.end()));
  }
}

bool CodeValidator::ApplySignature(const Instr& instr) {
  const SignatureRow& row = kSignatures[static_cast<size_t>(instr.op)];
  ValType address = ValType::I32;
  switch (row.immediates) {
    case Immediates::MemLane1:
    case Immediates::MemLane2:
    case Immediates::MemLane4:
    case Immediates::MemLane8:
      if (!CheckLane(instr, AccessLane(instr))) return false;
      [[fallthrough]];
    case Immediates::MemArg1:
    case Immediates::MemArg2:
    case Immediates::MemArg4:
    case Immediates::MemArg8:
    case Immediates::MemArg16:
      if (!CheckAccess(instr)) return false;
      address = Address(context_.valid.memories[instr.a].limits);
      break;
    case Immediates::Lane16:
    case Immediates::Lane8:
    case Immediates::Lane4:
    case Immediates::Lane2:
      if (!CheckLane(instr, instr.a)) return false;
      break;
    case Immediates::Lanes:
      if (!CheckShuffle(instr)) return false;
      break;
    case Immediates::Memory: {
      const wasm::MemoryType* memory = Memory(instr.a);
      if (!memory) return false;
      address = Address(memory->limits);
      break;
    }
    case Immediates::Data:
      if (!CheckData(instr.a)) return false;
      break;
    case Immediates::Elem:
      if (!CheckElem(instr.a)) return false;
      break;
    default:
      break;
  }
  for (size_t i = row.operand_count; i-- > 0;) {
    if (!Pop(TypeOf(row.operands[i], address))) return false;
  }
  if (row.result != 0) Push(TypeOf(row.result, address));
  return true;
}

bool CodeValidator::Step(const Instr& instr) {
  if (kSignatures[static_cast<size_t>(instr.op)].is_simple) return ApplySignature(instr);
  switch (instr.op) {
    case Opcode::Unreachable:
      Unreachable();
      return true;
    case Opcode::Block:
    case Opcode::Loop:
    case Opcode::If:
      return Enter(instr);
    case Opcode::TryTable:
      return EnterTry(instr);
    case Opcode::LegacyTry:
      return Enter(instr);
    case Opcode::LegacyCatch:
    case Opcode::LegacyCatchAll:
      return LegacyCatch(instr);
    case Opcode::Delegate:
      return Delegate(instr);
    case Opcode::Rethrow:
      return Rethrow(instr);
    case Opcode::Else:
      return Else();
    case Opcode::End:
      return End();
    case Opcode::Br:
      return Br(instr);
    case Opcode::BrIf:
      return BrIf(instr);
    case Opcode::BrTable:
      return BrTable(instr);
    case Opcode::Return:
      return Return();
    case Opcode::Throw:
      return Throw(instr);
    case Opcode::ThrowRef:
      return ThrowRef();
    case Opcode::Call:
      return Call(instr, false);
    case Opcode::ReturnCall:
      return Call(instr, true);
    case Opcode::CallIndirect:
      return CallIndirect(instr, false);
    case Opcode::ReturnCallIndirect:
      return CallIndirect(instr, true);
    case Opcode::CallRef:
      return CallRef(instr, false);
    case Opcode::ReturnCallRef:
      return CallRef(instr, true);
    case Opcode::Drop:
      return Drop();
    case Opcode::Select:
      return Select();
    case Opcode::SelectTyped:
      return SelectTyped(instr);
    case Opcode::LocalGet:
      return LocalGet(instr);
    case Opcode::LocalSet:
      return LocalSet(instr, false);
    case Opcode::LocalTee:
      return LocalSet(instr, true);
    case Opcode::GlobalGet:
      return GlobalGet(instr);
    case Opcode::GlobalSet:
      return GlobalSet(instr);
    case Opcode::TableGet:
      return TableGet(instr);
    case Opcode::TableSet:
      return TableSet(instr);
    case Opcode::TableInit:
      return TableInit(instr);
    case Opcode::TableCopy:
      return TableCopy(instr);
    case Opcode::TableGrow:
      return TableGrow(instr);
    case Opcode::TableSize:
      return TableSize(instr);
    case Opcode::TableFill:
      return TableFill(instr);
    case Opcode::MemoryInit:
      return MemoryInit(instr);
    case Opcode::MemoryCopy:
      return MemoryCopy(instr);
    case Opcode::RefNull:
      return RefNull(instr);
    case Opcode::RefIsNull:
      return RefIsNull();
    case Opcode::RefFunc:
      return RefFunc(instr);
    case Opcode::RefEq:
      return RefEq();
    case Opcode::RefAsNonNull:
      return RefAsNonNull();
    case Opcode::BrOnNull:
      return BrOnNull(instr);
    case Opcode::BrOnNonNull:
      return BrOnNonNull(instr);
    case Opcode::RefTest:
    case Opcode::RefTestNull:
      return RefTest(instr);
    case Opcode::RefCast:
      return RefCast(instr, false);
    case Opcode::RefCastNull:
      return RefCast(instr, true);
    case Opcode::BrOnCast:
      return BrOnCast(instr, false);
    case Opcode::BrOnCastFail:
      return BrOnCast(instr, true);
    case Opcode::AnyConvertExtern:
      return ConvertExtern(wasm::AbstractHeap::Extern, wasm::AbstractHeap::Any);
    case Opcode::ExternConvertAny:
      return ConvertExtern(wasm::AbstractHeap::Any, wasm::AbstractHeap::Extern);
    case Opcode::RefI31:
      return RefI31();
    case Opcode::I31GetS:
    case Opcode::I31GetU:
      return I31Get();
    case Opcode::StructNew:
      return StructNew(instr);
    case Opcode::StructNewDefault:
      return StructNewDefault(instr);
    case Opcode::StructGet:
      return StructGet(instr, false);
    case Opcode::StructGetS:
    case Opcode::StructGetU:
      return StructGet(instr, true);
    case Opcode::StructSet:
      return StructSet(instr);
    case Opcode::ArrayNew:
      return ArrayNew(instr);
    case Opcode::ArrayNewDefault:
      return ArrayNewDefault(instr);
    case Opcode::ArrayNewFixed:
      return ArrayNewFixed(instr);
    case Opcode::ArrayNewData:
      return ArrayNewData(instr);
    case Opcode::ArrayNewElem:
      return ArrayNewElem(instr);
    case Opcode::ArrayGet:
      return ArrayGet(instr, false);
    case Opcode::ArrayGetS:
    case Opcode::ArrayGetU:
      return ArrayGet(instr, true);
    case Opcode::ArraySet:
      return ArraySet(instr);
    case Opcode::ArrayLen:
      return ArrayLen();
    case Opcode::ArrayFill:
      return ArrayFill(instr);
    case Opcode::ArrayCopy:
      return ArrayCopy(instr);
    case Opcode::ArrayInitData:
      return ArrayInitData(instr);
    case Opcode::ArrayInitElem:
      return ArrayInitElem(instr);
    default:
      UNREACHABLE();  // every other row of opcodes.def has a signature
  }
}

}  // namespace slabhound::valid
