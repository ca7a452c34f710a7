// Instructions with a plain signature, variables, tables, memories and references.
#include <bit>

#include "base/check.h"
#include "bytecode/translation.h"
#include "heap/active_fault.h"
#include "heap/layout.h"

namespace slabhound::bytecode {

using wasm::Opcode;

namespace {

constexpr uint64_t Pair(uint32_t high, uint32_t low) { return uint64_t{high} << 32 | low; }

}  // namespace

// Operands and results are in the signature; immediates go to c (memory) and imm (offset or
// constant).
void Translation::Plain(const wasm::Instr& instr) {
  const wasm::OpcodeInfo& info = wasm::Info(instr.op);
  if (instr.op == Opcode::Nop) return;
  if (instr.op == Opcode::I32Const || instr.op == Opcode::I64Const ||
      instr.op == Opcode::F32Const || instr.op == Opcode::F64Const) {
    return Push({.kind = Entry::Kind::Constant, .bits = instr.bits});
  }
  if (instr.op == Opcode::V128Const) {
    const uint32_t result = Result(false);
    Emit({.code = Code::V128Const, .a = result, .b = instr.a, .c = instr.b, .imm = instr.bits});
    return;
  }
  if (wasm::AccessesLane(instr.op)) return LaneAccess(instr);
  if (PlainWithConstant(instr)) return;
  Op op{.code = static_cast<Code>(instr.op)};
  const size_t operand_count = info.signature.find(':');
  const bool has_result = operand_count + 1 < info.signature.size();
  uint32_t operands[3] = {0, 0, 0};
  for (size_t i = operand_count; i-- > 0;) operands[i] = Pop();
  if (has_result) {
    op.b = operands[0];
    op.c = operands[1];
    op.imm = operands[2];
    op.a = Result(false);
  } else {
    op.a = operands[0];
    op.b = operands[1];
    op.c = operands[2];
  }
  switch (info.immediates) {
    case wasm::Immediates::MemArg1:
    case wasm::Immediates::MemArg2:
    case wasm::Immediates::MemArg4:
    case wasm::Immediates::MemArg8:
    case wasm::Immediates::MemArg16:
      op.c = linked_.memories[instr.a];
      op.imm = instr.bits;
      break;
    case wasm::Immediates::Lane16:
    case wasm::Immediates::Lane8:
    case wasm::Immediates::Lane4:
    case wasm::Immediates::Lane2:
      op.imm = instr.a;
      break;
    case wasm::Immediates::Memory:
      op.imm = linked_.memories[instr.a];
      break;
    case wasm::Immediates::Data:
      op.imm = linked_.first_data + instr.a;
      break;
    case wasm::Immediates::Elem:
      op.imm = linked_.first_elem + instr.a;
      break;
    default:
      break;
  }
  Emit(op);
}

// An operation on two i32 of which one is a constant that was not needed yet.
bool Translation::PlainWithConstant(const wasm::Instr& instr) {
  Code code;
  switch (instr.op) {
    case Opcode::I32Add:
    case Opcode::I32Sub:
      code = Code::AddConstant;
      break;
    case Opcode::I32Mul:
      code = Code::MulConstant;
      break;
    case Opcode::I32And:
      code = Code::AndConstant;
      break;
    default:
      return false;
  }
  const Entry &first = stack_[stack_.size() - 2], &second = stack_.back();
  const bool is_sub = instr.op == Opcode::I32Sub, is_second = second.kind == Entry::Kind::Constant;
  if (!is_second && (is_sub || first.kind != Entry::Kind::Constant)) return false;
  auto constant = static_cast<uint32_t>(is_second ? second.bits : first.bits);
  if (is_sub) constant = 0 - constant;
  if (is_second) stack_.pop_back();
  const uint32_t operand = Pop();
  if (!is_second) stack_.pop_back();
  const uint32_t result = Result(false);
  Emit({.code = code, .a = result, .b = operand, .imm = constant});
  return true;
}

// A load or store of one lane is an access of its own and the lane's replacement or extraction.
void Translation::LaneAccess(const wasm::Instr& instr) {
  struct Row {
    Opcode load, replace, extract, store;
  };
  using enum Opcode;
  constexpr Row kRows[] = {{I32Load8U, I8x16ReplaceLane, I8x16ExtractLaneU, I32Store8},
                           {I32Load16U, I16x8ReplaceLane, I16x8ExtractLaneU, I32Store16},
                           {I32Load, I32x4ReplaceLane, I32x4ExtractLane, I32Store},
                           {I64Load, I64x2ReplaceLane, I64x2ExtractLane, I64Store}};
  const auto width = static_cast<uint32_t>(std::countr_zero(wasm::AccessBytes(instr.op)));
  const Row& row = kRows[width];
  const size_t position = stack_.size() - 1;  // of the vector
  const uint32_t vector = Pop(), address = Pop();
  const uint32_t memory = linked_.memories[instr.a], lane = AccessLane(instr);
  if (instr.op >= V128Load8Lane && instr.op <= V128Load64Lane) {
    // The lane comes where the address stood, which no one needs any more.
    const uint32_t result = Result(false);
    Emit({.code = static_cast<Code>(row.load),
          .a = result,
          .b = address,
          .c = memory,
          .imm = instr.bits});
    Emit({.code = static_cast<Code>(row.replace),
          .a = result,
          .b = vector,
          .c = result,
          .imm = lane});
    return;
  }
  const uint32_t scalar = Temporary(position);
  Emit({.code = static_cast<Code>(row.extract), .a = scalar, .b = vector, .imm = lane});
  Emit({.code = static_cast<Code>(row.store),
        .a = address,
        .b = scalar,
        .c = memory,
        .imm = instr.bits});
}

void Translation::Variable(const wasm::Instr& instr) {
  switch (instr.op) {
    case Opcode::Drop:
      stack_.pop_back();
      return;
    case Opcode::Select:
    case Opcode::SelectTyped:
      return Select();
    case Opcode::LocalGet:
      return Push({.kind = Entry::Kind::Local, .traced = local_traced_[instr.a], .local = instr.a});
    case Opcode::LocalSet:
    case Opcode::LocalTee: {
      const size_t position = stack_.size() - 1;
      const Entry value = stack_.back();
      stack_.pop_back();
      const bool is_same = value.kind == Entry::Kind::Local && value.local == instr.a;
      if (!is_same) {
        FlushLocal(instr.a);
        Op* maker = value.kind == Entry::Kind::Temporary ? MakerOf(Temporary(position)) : nullptr;
        if (maker != nullptr) {
          maker->a = instr.a;
        } else {
          EmitCopy(instr.a, value, position);
        }
      }
      if (instr.op == Opcode::LocalTee) {
        Push({.kind = Entry::Kind::Local, .traced = local_traced_[instr.a], .local = instr.a});
      }
      return;
    }
    case Opcode::GlobalGet: {
      const bool traced =
          heap::IsTraced(*linked_.module.types, linked_.module.globals[instr.a].type);
      const uint32_t result = Result(traced);
      Emit({.code = traced ? Code::GlobalReadRef : Code::GlobalRead,
            .a = result,
            .b = linked_.globals[instr.a]});
      return;
    }
    case Opcode::GlobalSet: {
      const bool traced = TopIsTraced();
      const uint32_t value = Pop();
      Emit({.code = traced ? Code::GlobalWriteRef : Code::GlobalWrite,
            .a = value,
            .b = linked_.globals[instr.a]});
      return;
    }
    default:
      return TableOrMemory(instr);
  }
}

void Translation::Select() {
  const uint32_t condition = Pop();
  const bool traced = TopIsTraced();
  const uint32_t second = Pop();
  const uint32_t first = Pop();
  const uint32_t result = Result(traced);
  Emit({.code = traced ? Code::SelectRef : Code::SelectNumber,
        .a = result,
        .b = first,
        .c = second,
        .imm = condition});
}

void Translation::TableOrMemory(const wasm::Instr& instr) {
  // Three plain operands and two addresses.
  const auto range = [&](Code code, uint64_t imm) {
    const uint32_t c = Pop(), b = Pop(), a = Pop();
    Emit({.code = code, .a = a, .b = b, .c = c, .imm = imm});
  };
  switch (instr.op) {
    case Opcode::TableGet: {
      const bool traced =
          heap::IsTraced(*linked_.module.types, linked_.module.tables[instr.a].element);
      const uint32_t index = Pop();
      const uint32_t result = Result(traced);
      Emit({.code = traced ? Code::TableReadRef : Code::TableRead,
            .a = result,
            .b = index,
            .c = linked_.tables[instr.a]});
      return;
    }
    case Opcode::TableSet: {
      const bool traced = TopIsTraced();
      const uint32_t value = Pop(), index = Pop();
      Emit({.code = traced ? Code::TableWriteRef : Code::TableWrite,
            .a = index,
            .b = value,
            .c = linked_.tables[instr.a]});
      return;
    }
    case Opcode::TableSize: {
      const uint32_t result = Result(false);
      Emit({.code = Code::TableLength, .a = result, .imm = linked_.tables[instr.a]});
      return;
    }
    case Opcode::TableGrow: {
      const uint32_t delta = Pop();
      const bool traced = TopIsTraced();
      const uint32_t value = Pop();
      const uint32_t result = Result(false);
      Emit({.code = traced ? Code::TableExtendRef : Code::TableExtend,
            .a = result,
            .b = value,
            .c = delta,
            .imm = linked_.tables[instr.a]});
      return;
    }
    case Opcode::TableFill: {
      const uint32_t count = Pop();
      const bool traced = TopIsTraced();
      const uint32_t value = Pop(), index = Pop();
      Emit({.code = traced ? Code::TableFillWithRef : Code::TableFillWith,
            .a = index,
            .b = value,
            .c = count,
            .imm = linked_.tables[instr.a]});
      return;
    }
    case Opcode::TableCopy:
      return range(Code::TableCopyRange, Pair(linked_.tables[instr.a], linked_.tables[instr.b]));
    case Opcode::TableInit:
      return range(Code::TableInitRange,
                   Pair(linked_.first_elem + instr.a, linked_.tables[instr.b]));
    case Opcode::MemoryCopy:
      return range(Code::MemoryCopyRange,
                   Pair(linked_.memories[instr.a], linked_.memories[instr.b]));
    case Opcode::MemoryInit:
      return range(Code::MemoryInitRange,
                   Pair(linked_.first_data + instr.a, linked_.memories[instr.b]));
    default:
      return Reference(instr);
  }
}

void Translation::Reference(const wasm::Instr& instr) {
  // One operand of either kind of reference, one result.
  const auto unary = [&](Code traced_code, Code function_code, bool result_traced, uint32_t c = 0) {
    const bool traced = TopIsTraced();
    const uint32_t operand = Pop();
    const uint32_t result = Result(result_traced && traced);
    Emit({.code = traced ? traced_code : function_code, .a = result, .b = operand, .c = c});
  };
  switch (instr.op) {
    case Opcode::RefNull:
      if (Traced(wasm::ValType::Ref(wasm::HeapType::FromCode(instr.a), true))) {
        return Push({.kind = Entry::Kind::Null, .traced = true});
      }
      return Push({.kind = Entry::Kind::Constant, .bits = 0});
    case Opcode::RefFunc: {
      const uint32_t result = Result(false);
      Emit({.code = Code::FunctionRef, .a = result, .imm = linked_.functions[instr.a]});
      return;
    }
    case Opcode::RefIsNull:
      return unary(Code::IsNull, Code::IsNullFunc, false);
    case Opcode::RefAsNonNull:
      return unary(Code::AsNonNull, Code::AsNonNullFunc, true);
    case Opcode::RefEq: {
      const uint32_t second = Pop(), first = Pop();
      const uint32_t result = Result(false);
      Emit({.code = Code::SameRef, .a = result, .b = first, .c = second});
      return;
    }
    case Opcode::RefTest:
    case Opcode::RefTestNull:
    case Opcode::RefCast:
    case Opcode::RefCastNull: {
      const bool nullable = instr.op == Opcode::RefTestNull || instr.op == Opcode::RefCastNull;
      const auto type =
          static_cast<uint32_t>(CastTarget(wasm::HeapType::FromCode(instr.a), nullable));
      if (instr.op == Opcode::RefTest || instr.op == Opcode::RefTestNull) {
        return unary(Code::Test, Code::TestFunc, false, type);
      }
      return unary(Code::Cast, Code::CastFunc, true, type);
    }
    case Opcode::ExternConvertAny:
      // The fault's wrapper is made by a copy that says so.
      if (heap::Injected(fault_, heap::Fault::ExternRewrapIdentity)) {
        const uint32_t operand = Pop();
        const uint32_t result = Result(true);
        Emit({.code = Code::CopyRef, .a = result, .b = operand, .imm = 1});
      }
      return;  // the same word in both hierarchies
    case Opcode::AnyConvertExtern:
      return;
    case Opcode::RefI31: {
      const uint32_t operand = Pop();
      const uint32_t result = Result(true);
      Emit({.code = Code::MakeI31, .a = result, .b = operand});
      return;
    }
    case Opcode::I31GetS:
      return unary(Code::ReadI31S, Code::ReadI31S, false);
    case Opcode::I31GetU:
      return unary(Code::ReadI31U, Code::ReadI31U, false);
    default:
      UNREACHABLE();
  }
}

}  // namespace slabhound::bytecode
