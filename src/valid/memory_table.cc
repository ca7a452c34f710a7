#include <fmt/format.h>

#include "valid/code.h"

namespace slabhound::valid {

// Loads and stores: the memory exists, the alignment is not beyond natural, the offset is an
// address.
bool CodeValidator::CheckAccess(const Instr& instr) {
  const wasm::MemoryType* memory = Memory(instr.a);
  if (!memory) return false;
  const uint32_t bytes = wasm::AccessBytes(instr.op);
  const uint32_t align = AccessAlign(instr);
  if (align >= 32 || (1u << align) > bytes) return FailIndex(ErrorCode::Alignment, align);
  if (!memory->limits.is_64 && instr.bits > UINT32_MAX) {
    return FailIndex(ErrorCode::MemoryOffset, instr.bits);
  }
  return true;
}

bool CodeValidator::CheckLane(const Instr& instr, uint32_t lane) {
  return lane < wasm::LaneCount(instr.op) || FailIndex(ErrorCode::BadLane, lane);
}

// A lane of either operand.
bool CodeValidator::CheckShuffle(const Instr& instr) {
  for (size_t i = 0; i < 16; ++i) {
    const uint8_t lane = ByteOf(VectorOf(instr), i);
    if (lane >= 32) return FailIndex(ErrorCode::BadLane, lane);
  }
  return true;
}

bool CodeValidator::MemoryInit(const Instr& instr) {
  const wasm::MemoryType* memory = Memory(instr.b);
  return memory && CheckData(instr.a) && Pop(ValType::I32) && Pop(ValType::I32) &&
         Pop(Address(memory->limits));
}

// The length has the smaller of the two address types.
bool CodeValidator::MemoryCopy(const Instr& instr) {
  const wasm::MemoryType* to = Memory(instr.a);
  const wasm::MemoryType* from = to ? Memory(instr.b) : nullptr;
  if (!from) return false;
  const bool is_64 = to->limits.is_64 && from->limits.is_64;
  return Pop(is_64 ? ValType::I64 : ValType::I32) && Pop(Address(from->limits)) &&
         Pop(Address(to->limits));
}

bool CodeValidator::TableGet(const Instr& instr) {
  const wasm::TableType* table = Table(instr.a);
  if (!table || !Pop(Address(table->limits))) return false;
  Push(table->element);
  return true;
}

bool CodeValidator::TableSet(const Instr& instr) {
  const wasm::TableType* table = Table(instr.a);
  return table && Pop(table->element) && Pop(Address(table->limits));
}

bool CodeValidator::TableInit(const Instr& instr) {
  const wasm::TableType* table = Table(instr.b);
  if (!table || !CheckElem(instr.a)) return false;
  if (!types_.IsSubtype(context_.elems[instr.a], table->element)) {
    return Fail(ErrorCode::TypeMismatch,
                fmt::format("segment {} does not match table {}", instr.a, instr.b));
  }
  return Pop(ValType::I32) && Pop(ValType::I32) && Pop(Address(table->limits));
}

bool CodeValidator::TableCopy(const Instr& instr) {
  const wasm::TableType* to = Table(instr.a);
  const wasm::TableType* from = to ? Table(instr.b) : nullptr;
  if (!from) return false;
  if (!types_.IsSubtype(from->element, to->element)) {
    return Fail(ErrorCode::TypeMismatch,
                fmt::format("table {} does not match table {}", instr.b, instr.a));
  }
  const bool is_64 = to->limits.is_64 && from->limits.is_64;
  return Pop(is_64 ? ValType::I64 : ValType::I32) && Pop(Address(from->limits)) &&
         Pop(Address(to->limits));
}

bool CodeValidator::TableGrow(const Instr& instr) {
  const wasm::TableType* table = Table(instr.a);
  if (!table || !Pop(Address(table->limits)) || !Pop(table->element)) return false;
  Push(Address(table->limits));
  return true;
}

bool CodeValidator::TableSize(const Instr& instr) {
  const wasm::TableType* table = Table(instr.a);
  if (!table) return false;
  Push(Address(table->limits));
  return true;
}

bool CodeValidator::TableFill(const Instr& instr) {
  const wasm::TableType* table = Table(instr.a);
  return table && Pop(Address(table->limits)) && Pop(table->element) && Pop(Address(table->limits));
}

}  // namespace slabhound::valid
