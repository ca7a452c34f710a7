// Allocating and bulk instructions on objects.
#include <algorithm>
#include <cstring>

#include "exec/bulk.h"

namespace slabhound::exec::bulk {
namespace {

using bytecode::ListRegister;
using bytecode::ListTraced;
using heap::kHeaderBytes;

bool InBounds(uint64_t start, uint64_t count, uint64_t size) {
  return start <= size && count <= size - start;
}

bool Trap(Vm& vm, embed::TrapKind kind) {
  vm.StopTrap(kind);
  return false;
}

// Writes a word as a field of `size` bytes; traced references go through the barriers.
void Initialize(Vm& vm, heap::Ref object, uint8_t* field, uint32_t size, bool traced,
                uint64_t word) {
  if (traced) return vm.heap_.InitializeRef(object, field, heap::Ref::FromWord(word));
  std::memcpy(field, &word, size);
}
void Overwrite(Vm& vm, heap::Ref object, uint8_t* field, uint32_t size, bool traced,
               uint64_t word) {
  if (traced) return vm.heap_.OverwriteRef(object, field, heap::Ref::FromWord(word));
  std::memcpy(field, &word, size);
}

wasm::TypeId TypeOf(const Op& op) { return static_cast<wasm::TypeId>(op.imm >> 32); }

// A fresh array under rules F1 and F6, and its payload; nullptr: stopped.
uint8_t* MakeArray(Vm& vm, wasm::TypeId type, uint64_t length, heap::Ref& array) {
  if (!vm.ObjectFits(length, vm.heap_.layouts().Of(type).element_bytes) || !vm.TakeBulkFuel(length))
    return nullptr;
  array = vm.NewArray(type, static_cast<uint32_t>(length));
  if (array.is_null()) return nullptr;
  return vm.heap_.Deref(array);
}

}  // namespace

bool NewStruct(Vm& vm, const Op& op, bool with_values) {
  const auto type = static_cast<wasm::TypeId>(op.b);
  if (!vm.ObjectFits(vm.heap_.layouts().Of(type).field_bytes, 1)) return false;
  const heap::Ref ref = vm.NewStruct(type);
  if (ref.is_null()) return false;
  uint64_t* regs = vm.window();
  if (with_values) {
    uint8_t* object = vm.heap_.Deref(ref);
    const heap::Layout& layout = vm.heap_.layouts().Of(type);
    const uint32_t* operands = vm.frames_.back().function->operands.data() + op.list;
    for (uint32_t i = 0; i < op.uses; ++i) {
      const heap::FieldLayout& field = layout.fields[i];
      Initialize(vm, ref, object + field.offset, field.bytes, ListTraced(operands[i]),
                 regs[ListRegister(operands[i])]);
    }
  }
  regs[op.a] = ref.word();
  return true;
}

bool NewArray(Vm& vm, const Op& op, bool with_value) {
  const wasm::TypeId type = TypeOf(op);
  const auto length = static_cast<uint32_t>(vm.window()[op.c]);
  heap::Ref array;
  uint8_t* object = MakeArray(vm, type, length, array);
  if (object == nullptr) return false;
  uint64_t* regs = vm.window();
  if (with_value) {
    const heap::Layout& layout = vm.heap_.layouts().Of(type);
    const bool traced = op.code == bytecode::Code::NewArrayRef;
    const uint64_t word = regs[op.b];
    for (uint32_t i = 0; i < length; ++i) {
      Initialize(vm, array, object + kHeaderBytes + i * layout.element_bytes, layout.element_bytes,
                 traced, word);
    }
  }
  regs[op.a] = array.word();
  return true;
}

bool NewArrayFixed(Vm& vm, const Op& op) {
  const auto type = static_cast<wasm::TypeId>(op.b);
  heap::Ref array;
  uint8_t* object = MakeArray(vm, type, op.uses, array);
  if (object == nullptr) return false;
  const heap::Layout& layout = vm.heap_.layouts().Of(type);
  uint64_t* regs = vm.window();
  const uint32_t* operands = vm.frames_.back().function->operands.data() + op.list;
  for (uint32_t i = 0; i < op.uses; ++i) {
    Initialize(vm, array, object + kHeaderBytes + i * layout.element_bytes, layout.element_bytes,
               ListTraced(operands[i]), regs[ListRegister(operands[i])]);
  }
  regs[op.a] = array.word();
  return true;
}

bool NewArrayData(Vm& vm, const Op& op) {
  const wasm::TypeId type = TypeOf(op);
  const uint64_t* before = vm.window();
  const uint64_t offset = before[op.b], length = before[op.c];
  const uint32_t element_bytes = vm.heap_.layouts().Of(type).element_bytes;
  const Bytes* data = vm.datas_[static_cast<uint32_t>(op.imm)].bytes;
  if (!InBounds(offset, length * element_bytes, data == nullptr ? 0 : data->size())) {
    return Trap(vm, embed::TrapKind::MemoryOutOfBounds);
  }
  heap::Ref array;
  uint8_t* object = MakeArray(vm, type, length, array);
  if (object == nullptr) return false;
  if (length > 0) std::memcpy(object + kHeaderBytes, data->data() + offset, length * element_bytes);
  vm.window()[op.a] = array.word();
  return true;
}

bool NewArrayElem(Vm& vm, const Op& op) {
  const wasm::TypeId type = TypeOf(op);
  const uint64_t* before = vm.window();
  const uint64_t offset = before[op.b], length = before[op.c];
  const ElemInstance& elem = vm.elems_[static_cast<uint32_t>(op.imm)];
  if (!InBounds(offset, length, elem.words.size()))
    return Trap(vm, embed::TrapKind::TableOutOfBounds);
  heap::Ref array;
  uint8_t* object = MakeArray(vm, type, length, array);
  if (object == nullptr) return false;
  for (uint32_t i = 0; i < length; ++i) {
    Initialize(vm, array, object + kHeaderBytes + i * 8, 8, elem.traced, elem.words[offset + i]);
  }
  vm.window()[op.a] = array.word();
  return true;
}

bool ThrowTag(Vm& vm, const Op& op) {
  const heap::Ref ref = vm.NewException(op.b);
  if (ref.is_null()) return false;
  uint8_t* object = vm.heap_.Deref(ref);
  const heap::Layout& layout = vm.heap_.layouts().OfTag(op.b);
  const uint64_t* regs = vm.window();
  const uint32_t* operands = vm.frames_.back().function->operands.data() + op.list;
  for (uint32_t i = 0; i < op.uses; ++i) {
    const heap::FieldLayout& field = layout.fields[i];
    Initialize(vm, ref, object + field.offset, field.bytes, ListTraced(operands[i]),
               regs[ListRegister(operands[i])]);
  }
  vm.pending_exception_ = ref;
  return true;
}

// op.imm payload values, then the exception itself if one more is defined.
void CatchValues(Vm& vm, const Op& op) {
  const uint8_t* object = vm.heap_.Deref(vm.pending_exception_);
  uint64_t* regs = vm.window();
  const Function& function = *vm.frames_.back().function;
  const heap::Layout* layout = nullptr;
  if (op.imm > 0) {
    heap::Header header;
    std::memcpy(&header, object, sizeof header);
    layout = &vm.heap_.layouts().OfTag(header.type);
  }
  for (uint32_t i = 0; i < op.defs; ++i) {
    uint64_t word = 0;
    if (i < op.imm) {
      const heap::FieldLayout& field = layout->fields[i];
      if (ListTraced(function.operands[op.list + i])) {
        word = vm.heap_.LoadRef(object + field.offset).word();
      } else {
        std::memcpy(&word, object + field.offset, field.bytes);
      }
    } else {
      word = vm.pending_exception_.word();
    }
    regs[ListRegister(function.operands[op.list + i])] = word;
  }
  vm.pending_exception_ = {};
}

namespace {

// The operands of a bulk array instruction, and its checked array. `position`: which operand the
// array is.
struct ArrayOperand {
  heap::Ref ref;
  uint8_t* object = nullptr;
  uint32_t length = 0;
};

uint64_t Operand(Vm& vm, const Op& op, uint32_t position) {
  return vm.window()[ListRegister(vm.frames_.back().function->operands[op.list + position])];
}

bool IsNullArray(Vm& vm, const Op& op, uint32_t position) {
  if (Operand(vm, op, position) != 0) return false;
  vm.StopTrap(embed::TrapKind::NullArrayReference);
  return true;
}

bool FindArray(Vm& vm, const Op& op, uint32_t position, wasm::TypeId type, ArrayOperand& array) {
  array.ref = heap::Ref::FromWord(Operand(vm, op, position));
  array.object = vm.Access(array.ref, type);
  if (array.object == nullptr) return false;
  array.length = heap::Heap::HeaderOf(array.object).length;
  return true;
}

}  // namespace

bool FillArray(Vm& vm, const Op& op) {
  const auto type = static_cast<wasm::TypeId>(op.b);
  ArrayOperand array;
  if (IsNullArray(vm, op, 0) || !FindArray(vm, op, 0, type, array)) return false;
  const uint64_t start = Operand(vm, op, 1), word = Operand(vm, op, 2), count = Operand(vm, op, 3);
  if (!InBounds(start, count, array.length)) return Trap(vm, embed::TrapKind::ArrayOutOfBounds);
  if (!vm.TakeBulkFuel(count)) return false;
  const heap::Layout& layout = vm.heap_.layouts().Of(type);
  const bool traced = !layout.refs.empty();
  for (uint64_t i = start; i < start + count; ++i) {
    Overwrite(vm, array.ref, array.object + kHeaderBytes + i * layout.element_bytes,
              layout.element_bytes, traced, word);
  }
  return true;
}

bool CopyArray(Vm& vm, const Op& op) {
  ArrayOperand target, source;
  if (IsNullArray(vm, op, 0) || IsNullArray(vm, op, 2)) return false;
  const auto target_type = static_cast<wasm::TypeId>(op.b);
  if (!FindArray(vm, op, 0, target_type, target) ||
      !FindArray(vm, op, 2, static_cast<wasm::TypeId>(op.imm), source)) {
    return false;
  }
  const uint64_t to = Operand(vm, op, 1), from = Operand(vm, op, 3), count = Operand(vm, op, 4);
  if (!InBounds(to, count, target.length) || !InBounds(from, count, source.length)) {
    return Trap(vm, embed::TrapKind::ArrayOutOfBounds);
  }
  if (!vm.TakeBulkFuel(count)) return false;
  const heap::Layout& layout = vm.heap_.layouts().Of(target_type);
  const uint32_t size = layout.element_bytes;
  if (layout.refs.empty()) {
    std::memmove(target.object + kHeaderBytes + to * size,
                 source.object + kHeaderBytes + from * size, count * size);
    return true;
  }
  // Element by element through the barrier, from the end where the ranges overlap forwards.
  const bool backwards = to > from;
  for (uint64_t step = 0; step < count; ++step) {
    const uint64_t i = backwards ? count - 1 - step : step;
    const heap::Ref value = vm.heap_.LoadRef(source.object + kHeaderBytes + (from + i) * size);
    vm.heap_.OverwriteRef(target.ref, target.object + kHeaderBytes + (to + i) * size, value);
  }
  return true;
}

bool InitArrayData(Vm& vm, const Op& op) {
  const auto type = static_cast<wasm::TypeId>(op.b);
  ArrayOperand array;
  if (IsNullArray(vm, op, 0) || !FindArray(vm, op, 0, type, array)) return false;
  const uint64_t to = Operand(vm, op, 1), from = Operand(vm, op, 2), count = Operand(vm, op, 3);
  if (!InBounds(to, count, array.length)) return Trap(vm, embed::TrapKind::ArrayOutOfBounds);
  const uint32_t size = vm.heap_.layouts().Of(type).element_bytes;
  const Bytes* data = vm.datas_[op.imm].bytes;
  if (!InBounds(from, count * size, data == nullptr ? 0 : data->size())) {
    return Trap(vm, embed::TrapKind::MemoryOutOfBounds);
  }
  if (!vm.TakeBulkFuel(count)) return false;
  if (count > 0)
    std::memcpy(array.object + kHeaderBytes + to * size, data->data() + from, count * size);
  return true;
}

bool InitArrayElem(Vm& vm, const Op& op) {
  const auto type = static_cast<wasm::TypeId>(op.b);
  ArrayOperand array;
  if (IsNullArray(vm, op, 0) || !FindArray(vm, op, 0, type, array)) return false;
  const uint64_t to = Operand(vm, op, 1), from = Operand(vm, op, 2), count = Operand(vm, op, 3);
  const ElemInstance& elem = vm.elems_[op.imm];
  if (!InBounds(to, count, array.length)) return Trap(vm, embed::TrapKind::ArrayOutOfBounds);
  if (!InBounds(from, count, elem.words.size())) return Trap(vm, embed::TrapKind::TableOutOfBounds);
  if (!vm.TakeBulkFuel(count)) return false;
  for (uint64_t i = 0; i < count; ++i) {
    Overwrite(vm, array.ref, array.object + kHeaderBytes + (to + i) * 8, 8, elem.traced,
              elem.words[from + i]);
  }
  return true;
}

}  // namespace slabhound::exec::bulk
