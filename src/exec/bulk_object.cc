// Allocating and bulk instructions on objects.
#include <cstring>

#include "base/bytes.h"
#include "exec/bulk.h"
#include "exec/faulty.h"
#include "heap/active_fault.h"

namespace slabhound::exec::bulk {
namespace {

using bytecode::ListRegister;
using bytecode::ListTraced;
using heap::kHeaderBytes;

// Write a word as a field of `size` bytes; traced references go through the barriers.
void Initialize(Vm& vm, heap::Ref object, uint8_t* field, uint32_t size, bool traced,
                uint64_t word) {
  if (traced) return vm.heap().InitializeRef(object, field, heap::Ref::FromWord(word));
  switch (size) {  // a size that is known costs no call
    case 8:
      return StoreLittle(field, word);
    case 4:
      return StoreLittle(field, static_cast<uint32_t>(word));
    default:
      std::memcpy(field, &word, size);
  }
}
void Overwrite(Vm& vm, heap::Ref object, uint8_t* field, uint32_t size, bool traced,
               uint64_t word) {
  if (traced) return vm.heap().OverwriteRef(object, field, heap::Ref::FromWord(word));
  std::memcpy(field, &word, size);
}

// Writes the list operands of an op as the first fields of a new object.
inline void InitializeFields(Vm& vm, heap::Ref ref, const heap::Layout& layout, const Op& op,
                             const uint64_t* regs) {
  uint8_t* object = vm.heap().Deref(ref);
  const uint32_t* operands = vm.stack().List(op);
  for (uint32_t i = 0; i < op.uses; ++i) {
    Initialize(vm, ref, object + layout.OffsetAt(i), layout.FieldAt(i).bytes,
               ListTraced(operands[i]), regs[ListRegister(operands[i])]);
  }
}

// A fresh struct under rule F6; null: stopped.
inline heap::Ref MakeStruct(Vm& vm, const Op& op, const heap::Layout*& layout) {
  const auto type = static_cast<wasm::TypeId>(op.b);
  layout = &vm.objects().LayoutOf(type);
  if (!vm.objects().Fit(layout->counted_bytes, 1)) return {};
  return vm.objects().NewStruct(type);
}

// Copies elements out of a data segment; vectors become their numbers. False: stopped.
bool CopyData(Vm& vm, const heap::Layout& layout, uint8_t* to, const uint8_t* from,
              uint64_t count) {
  if (count == 0) return true;
  if (!layout.FieldAt(0).type.is_vector()) {
    std::memcpy(to, from, count * layout.element_bytes);
    return true;
  }
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t word = 0;
    if (!vm.MakeVector(LoadLittle<wasm::V128>(from + i * sizeof(wasm::V128)), word)) return false;
    StoreLittle(to + i * layout.element_bytes, word);
  }
  return true;
}

wasm::TypeId TypeOf(const Op& op) { return static_cast<wasm::TypeId>(op.imm >> 32); }

// A fresh array under rules F1 and F6, and its payload; nullptr: stopped.
uint8_t* MakeArray(Vm& vm, wasm::TypeId type, uint64_t length, heap::Ref& array) {
  if (!vm.objects().Fit(length, vm.objects().LayoutOf(type).counted_bytes) ||
      !vm.run().TakeBulkFuel(length)) {
    return nullptr;
  }
  array = vm.objects().NewArray(type, static_cast<uint32_t>(length));
  return array.is_null() ? nullptr : vm.heap().Deref(array) + kHeaderBytes;
}

// The fault: the operands are no roots during the allocation. False: stopped.
bool PopThenMakeArray(Vm& vm, wasm::TypeId type, const Op& op, heap::Ref& array) {
  std::vector<uint64_t> popped;
  for (uint32_t i = 0; i < op.uses; ++i) {
    popped.push_back(vm.stack().window()[ListRegister(vm.stack().List(op)[i])]);
  }
  for (uint32_t i = 0; i < op.uses; ++i) {
    const uint32_t entry = vm.stack().List(op)[i];
    const bool is_local = ListRegister(entry) < vm.stack().function().local_count;
    if (ListTraced(entry) && !is_local) vm.stack().window()[ListRegister(entry)] = 0;
  }
  const bool is_made = MakeArray(vm, type, op.uses, array) != nullptr;
  bool is_lost = false;
  for (uint32_t i = 0; i < op.uses; ++i) {
    const uint32_t entry = vm.stack().List(op)[i];
    vm.stack().window()[ListRegister(entry)] = popped[i];
    is_lost |= ListTraced(entry) && !vm.heap().IsSound(heap::Ref::FromWord(popped[i]));
  }
  heap::Active(vm.config().fault, heap::Fault::PopThenAlloc, is_lost);
  return is_made;
}

// How many elements of a data segment an instruction copies that names so many; nothing: it traps.
// The fault: elements, not bytes, are held against its end; what is read behind it is zeros.
std::optional<uint64_t> ElementsIn(Vm& vm, const DataInstance& data, uint64_t offset,
                                   uint64_t count, uint32_t element_bytes) {
  if (InBounds(offset, count * element_bytes, data.size())) return count;
  if (heap::Active(vm.config().fault, heap::Fault::InitDataBoundsElems,
                   InBounds(offset, count, data.size()))) {
    return (data.size() - offset) / element_bytes;
  }
  vm.run().StopTrap(machine::TrapKind::MemoryOutOfBounds);
  return std::nullopt;
}

}  // namespace

bool NewStruct(Vm& vm, const Op& op, uint64_t* regs) {
  const heap::Layout* layout = nullptr;
  const heap::Ref ref = MakeStruct(vm, op, layout);
  if (ref.is_null()) return false;
  InitializeFields(vm, ref, *layout, op, regs);
  regs[op.a] = ref.word();
  return true;
}

bool NewStructDefault(Vm& vm, const Op& op, uint64_t* regs) {
  const heap::Layout* layout = nullptr;
  const heap::Ref ref = MakeStruct(vm, op, layout);
  regs[op.a] = ref.word();
  return !ref.is_null();
}

bool NewArray(Vm& vm, const Op& op, bool with_value) {
  const wasm::TypeId type = TypeOf(op);
  const uint32_t length = LengthGiven(vm, type, static_cast<uint32_t>(vm.stack().window()[op.c]));
  heap::Ref array;
  uint8_t* payload = MakeArray(vm, type, length, array);
  if (payload == nullptr) return false;
  uint64_t* regs = vm.stack().window();
  if (with_value) {
    const uint32_t size = vm.objects().LayoutOf(type).element_bytes;
    const bool traced = op.code == bytecode::Code::NewArrayRef;
    const uint64_t word = regs[op.b];
    for (uint32_t i = 0; i < length; ++i)
      Initialize(vm, array, payload + uint64_t{i} * size, size, traced, word);
  }
  regs[op.a] = array.word();
  return true;
}

bool NewArrayFixed(Vm& vm, const Op& op) {
  const auto type = static_cast<wasm::TypeId>(op.b);
  heap::Ref array;
  if (!(heap::Injected(vm.config().fault, heap::Fault::PopThenAlloc)
            ? PopThenMakeArray(vm, type, op, array)
            : MakeArray(vm, type, op.uses, array) != nullptr)) {
    return false;
  }
  InitializeFields(vm, array, vm.objects().LayoutOf(type), op, vm.stack().window());
  vm.stack().window()[op.a] = array.word();
  return true;
}

bool NewArrayData(Vm& vm, const Op& op) {
  const wasm::TypeId type = TypeOf(op);
  const uint64_t* before = vm.stack().window();
  const uint64_t offset = before[op.b], length = before[op.c];
  const uint32_t size = vm.objects().LayoutOf(type).counted_bytes;
  const DataInstance& data = vm.store().data(static_cast<uint32_t>(op.imm));
  const auto copied = ElementsIn(vm, data, offset, length, size);
  if (!copied) return false;
  heap::Ref array;
  uint8_t* payload = MakeArray(vm, type, length, array);
  if (payload == nullptr) return false;
  const uint8_t* from = length > 0 ? data.bytes->data() + offset : nullptr;
  if (!CopyData(vm, vm.objects().LayoutOf(type), payload, from, *copied)) return false;
  vm.stack().window()[op.a] = array.word();
  return true;
}

bool NewArrayElem(Vm& vm, const Op& op) {
  const uint64_t* before = vm.stack().window();
  const uint64_t offset = before[op.b], length = before[op.c];
  const ElemInstance& elem = vm.store().elem(static_cast<uint32_t>(op.imm));
  if (!InBounds(offset, length, elem.words.size()))
    return vm.run().StopTrap(machine::TrapKind::TableOutOfBounds);
  heap::Ref array;
  uint8_t* payload = MakeArray(vm, TypeOf(op), length, array);
  if (payload == nullptr) return false;
  for (uint64_t i = 0; i < length; ++i) {
    const uint64_t word = elem.words[offset + i];
    const bool traced =
        elem.traced && !IsStoreUnseen(vm, heap::Fault::ElemDropOverdec, payload + i * 8, word);
    Initialize(vm, array, payload + i * 8, 8, traced, word);
  }
  vm.stack().window()[op.a] = array.word();
  return true;
}

bool ThrowTag(Vm& vm, const Op& op) {
  const heap::Ref ref = vm.objects().NewException(op.b);
  if (ref.is_null()) return false;
  InitializeFields(vm, ref, vm.heap().layouts().OfTag(op.b), op, vm.stack().window());
  vm.run().Throw(ref);
  return true;
}

// op.imm payload values, then the exception itself if one more is defined.
void CatchValues(Vm& vm, const Op& op) {
  const heap::Ref exception = vm.run().TakeException();
  uint64_t* regs = vm.stack().window();
  const uint32_t* operands = vm.stack().List(op);
  if (op.imm > 0) {
    uint8_t* object = vm.heap().Deref(exception);
    const heap::Layout& layout = vm.heap().LayoutOfHeader(heap::Heap::HeaderOf(object));
    for (uint32_t i = 0; i < op.imm; ++i) {
      const heap::FieldLayout& field = layout.fields[i];
      uint64_t word = 0;
      if (ListTraced(operands[i])) {
        word = vm.heap().LoadRef(object + field.offset).word();
      } else {
        std::memcpy(&word, object + field.offset, field.bytes);
      }
      regs[ListRegister(operands[i])] = word;
    }
  }
  if (op.defs > op.imm) regs[ListRegister(operands[op.imm])] = exception.word();
}

namespace {

uint64_t Operand(Vm& vm, const Op& op, uint32_t position) {
  return vm.stack().window()[ListRegister(vm.stack().List(op)[position])];
}

// The array that is an operand of a bulk instruction, from the index on that is the next operand.
struct ArrayOperand {
  heap::Ref ref;
  uint8_t* payload = nullptr;
  uint64_t length = 0, start = 0;
  uint32_t element_bytes = 0;

  uint8_t* At(uint64_t index) const { return payload + (start + index) * element_bytes; }
};

// False: stopped.
bool FindArray(Vm& vm, const Op& op, uint32_t position, wasm::TypeId type, ArrayOperand& array) {
  array.ref = heap::Ref::FromWord(Operand(vm, op, position));
  if (array.ref.is_null()) return vm.run().StopTrap(machine::TrapKind::NullArrayReference);
  uint8_t* object = vm.objects().Access(array.ref, type);
  if (object == nullptr) return false;
  array.payload = object + kHeaderBytes;
  array.length = heap::Heap::HeaderOf(object).length;
  array.start = Operand(vm, op, position + 1);
  array.element_bytes = vm.objects().LayoutOf(type).element_bytes;
  return true;
}

// The array that is written, and that it has `count` elements from its start on. False: stopped.
bool FindTarget(Vm& vm, const Op& op, uint64_t count, ArrayOperand& array) {
  if (!FindArray(vm, op, 0, static_cast<wasm::TypeId>(op.b), array)) return false;
  return InBounds(array.start, count, array.length) ||
         vm.run().StopTrap(machine::TrapKind::ArrayOutOfBounds);
}

// The fault's copy of numbers.
bool CopyForward(const ArrayOperand& target, const ArrayOperand& source, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i)
    std::memcpy(target.At(i), source.At(i), target.element_bytes);
  return true;
}

bool IsTracedArray(Vm& vm, const Op& op) {
  return !vm.objects().LayoutOf(static_cast<wasm::TypeId>(op.b)).refs.empty();
}

}  // namespace

bool FillArray(Vm& vm, const Op& op) {
  const uint64_t word = Operand(vm, op, 2), count = Operand(vm, op, 3);
  ArrayOperand array;
  if (!FindTarget(vm, op, count, array) || !vm.run().TakeBulkFuel(count)) return false;
  const bool traced = IsTracedArray(vm, op);
  for (uint64_t i = 0; i < count; ++i) {
    const bool is_unseen =
        traced && word == 0 && IsStoreUnseen(vm, heap::Fault::TableFillNullRaw, array.At(i), word);
    Overwrite(vm, array.ref, array.At(i), array.element_bytes, traced && !is_unseen, word);
  }
  return true;
}

bool CopyArray(Vm& vm, const Op& op) {
  const uint64_t count = Operand(vm, op, 4);
  ArrayOperand target, source;
  if (!FindArray(vm, op, 0, static_cast<wasm::TypeId>(op.b), target) ||
      !FindArray(vm, op, 2, static_cast<wasm::TypeId>(op.imm), source)) {
    return false;
  }
  if (!InBounds(target.start, count, target.length) ||
      !InBounds(source.start, count, source.length)) {
    return vm.run().StopTrap(machine::TrapKind::ArrayOutOfBounds);
  }
  if (!vm.run().TakeBulkFuel(count)) return false;
  const bool overlaps = target.ref == source.ref && target.start > source.start &&
                        target.start - source.start < count;
  const bool only_forward =
      heap::Active(vm.config().fault, heap::Fault::ArrayCopyForwardOverlap, overlaps);
  if (!IsTracedArray(vm, op)) {
    if (only_forward) return CopyForward(target, source, count);
    std::memmove(target.At(0), source.At(0), count * target.element_bytes);
    return true;
  }
  // Element by element through the barriers, from the end where the ranges overlap forwards.
  const bool backwards = target.start > source.start && !only_forward;
  for (uint64_t step = 0; step < count; ++step) {
    const uint64_t i = backwards ? count - 1 - step : step;
    const heap::Ref value = vm.heap().LoadRef(source.At(i));
    const bool is_unseen =
        IsStoreUnseen(vm, heap::Fault::ArrayCopyNoBarrier, target.At(i), value.word());
    Overwrite(vm, target.ref, target.At(i), sizeof value, !is_unseen, value.word());
  }
  return true;
}

bool InitArrayData(Vm& vm, const Op& op) {
  const uint64_t from = Operand(vm, op, 2), count = Operand(vm, op, 3);
  ArrayOperand array;
  if (!FindTarget(vm, op, count, array)) return false;
  const DataInstance& data = vm.store().data(static_cast<uint32_t>(op.imm));
  const heap::Layout& layout = vm.objects().LayoutOf(static_cast<wasm::TypeId>(op.b));
  const auto copied = ElementsIn(vm, data, from, count, layout.counted_bytes);
  if (!copied || !vm.run().TakeBulkFuel(count)) return false;
  return CopyData(vm, layout, array.At(0), count > 0 ? data.bytes->data() + from : nullptr,
                  *copied);
}

bool InitArrayElem(Vm& vm, const Op& op) {
  const uint64_t from = Operand(vm, op, 2), count = Operand(vm, op, 3);
  ArrayOperand array;
  if (!FindTarget(vm, op, count, array)) return false;
  const ElemInstance& elem = vm.store().elem(static_cast<uint32_t>(op.imm));
  if (!InBounds(from, count, elem.words.size()))
    return vm.run().StopTrap(machine::TrapKind::TableOutOfBounds);
  if (!vm.run().TakeBulkFuel(count)) return false;
  for (uint64_t i = 0; i < count; ++i)
    Overwrite(vm, array.ref, array.At(i), array.element_bytes, elem.traced, elem.words[from + i]);
  return true;
}

}  // namespace slabhound::exec::bulk
