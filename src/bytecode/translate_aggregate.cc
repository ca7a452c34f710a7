// Structs and arrays.
#include "bytecode/translation.h"
#include "heap/layout.h"

namespace slabhound::bytecode {

using wasm::Opcode;

namespace {

// How a field is loaded: the row of an access family for its storage type.
size_t LoadColumn(wasm::StorageType type, bool traced, bool is_signed) {
  if (traced) return 6;
  switch (type.kind()) {
    case wasm::TypeKind::I8:
      return is_signed ? 0 : 1;
    case wasm::TypeKind::I16:
      return is_signed ? 2 : 3;
    case wasm::TypeKind::I32:
    case wasm::TypeKind::F32:
      return 4;
    default:
      return 5;
  }
}

constexpr Code kFieldGet[] = {Code::FieldGet8S,  Code::FieldGet8U, Code::FieldGet16S,
                              Code::FieldGet16U, Code::FieldGet32, Code::FieldGet64,
                              Code::FieldGetRef};
constexpr Code kFieldSet[] = {Code::FieldSet8,  Code::FieldSet8,  Code::FieldSet16,
                              Code::FieldSet16, Code::FieldSet32, Code::FieldSet64,
                              Code::FieldSetRef};
constexpr Code kElementGet[] = {Code::ElementGet8S,  Code::ElementGet8U, Code::ElementGet16S,
                                Code::ElementGet16U, Code::ElementGet32, Code::ElementGet64,
                                Code::ElementGetRef};
constexpr Code kElementSet[] = {Code::ElementSet8,  Code::ElementSet8,  Code::ElementSet16,
                                Code::ElementSet16, Code::ElementSet32, Code::ElementSet64,
                                Code::ElementSetRef};

}  // namespace

bool Translation::Aggregate(const wasm::Instr& instr) {
  switch (instr.op) {
    case Opcode::StructNew:
    case Opcode::StructNewDefault:
    case Opcode::StructGet:
    case Opcode::StructGetS:
    case Opcode::StructGetU:
    case Opcode::StructSet:
      StructAccess(instr);
      return true;
    case Opcode::ArrayNew:
    case Opcode::ArrayNewDefault:
    case Opcode::ArrayNewFixed:
    case Opcode::ArrayNewData:
    case Opcode::ArrayNewElem:
    case Opcode::ArrayGet:
    case Opcode::ArrayGetS:
    case Opcode::ArrayGetU:
    case Opcode::ArraySet:
    case Opcode::ArrayLen:
    case Opcode::ArrayFill:
    case Opcode::ArrayCopy:
    case Opcode::ArrayInitData:
    case Opcode::ArrayInitElem:
      ArrayAccess(instr);
      return true;
    default:
      return false;
  }
}

void Translation::StructAccess(const wasm::Instr& instr) {
  const uint32_t type = Canonical(instr.a);
  const auto& fields = std::get<wasm::StructType>(TypeOf(instr.a).composite).fields;
  if (instr.op == Opcode::StructNewDefault) {
    const uint32_t result = Result(true);
    Emit({.code = Code::NewStructDefault, .a = result, .b = type});
    return;
  }
  if (instr.op == Opcode::StructNew) {
    const auto count = static_cast<uint32_t>(fields.size());
    const uint32_t list = PopList(count);
    const uint32_t result = Result(true);
    Emit({.code = Code::NewStruct, .a = result, .b = type, .list = list, .uses = count});
    return;
  }
  const wasm::StorageType storage = fields[instr.b].type;
  const bool traced = !storage.is_packed() && Traced(storage);
  const size_t column = LoadColumn(storage, traced, instr.op == Opcode::StructGetS);
  const uint64_t offset = layouts_.Of(static_cast<wasm::TypeId>(type)).fields[instr.b].offset;
  if (instr.op == Opcode::StructSet) {
    const uint32_t value = Pop(), object = Pop();
    Emit({.code = kFieldSet[column], .a = object, .b = value, .c = type, .imm = offset});
  } else {
    const uint32_t object = Pop();
    const uint32_t result = Result(traced);
    Emit({.code = kFieldGet[column], .a = result, .b = object, .c = type, .imm = offset});
  }
}

void Translation::ArrayAccess(const wasm::Instr& instr) {
  if (instr.op == Opcode::ArrayLen) {
    const uint32_t array = Pop();
    const uint32_t result = Result(false);
    Emit({.code = Code::ArrayLength, .a = result, .b = array});
    return;
  }
  const uint32_t type = Canonical(instr.a);
  const wasm::StorageType storage =
      std::get<wasm::ArrayType>(TypeOf(instr.a).composite).element.type;
  const bool traced = !storage.is_packed() && Traced(storage);
  const size_t column = LoadColumn(storage, traced, instr.op == Opcode::ArrayGetS);
  const auto bulk = [&](Code code, uint32_t count, uint64_t imm) {
    const uint32_t list = PopList(count);
    Emit({.code = code, .b = type, .list = list, .uses = count, .imm = imm});
  };
  switch (instr.op) {
    case Opcode::ArrayNew: {
      const uint32_t length = Pop(), value = Pop();
      const uint32_t result = Result(true);
      Emit({.code = traced ? Code::NewArrayRef : Code::NewArray,
            .a = result,
            .b = value,
            .c = length,
            .imm = uint64_t{type} << 32});
      return;
    }
    case Opcode::ArrayNewDefault: {
      const uint32_t length = Pop();
      const uint32_t result = Result(true);
      Emit({.code = Code::NewArrayDefault, .a = result, .c = length, .imm = uint64_t{type} << 32});
      return;
    }
    case Opcode::ArrayNewFixed: {
      const uint32_t list = PopList(instr.b);
      const uint32_t result = Result(true);
      Emit({.code = Code::NewArrayFixed, .a = result, .b = type, .list = list, .uses = instr.b});
      return;
    }
    case Opcode::ArrayNewData:
    case Opcode::ArrayNewElem: {
      const uint32_t length = Pop(), offset = Pop();
      const uint32_t result = Result(true);
      const bool is_data = instr.op == Opcode::ArrayNewData;
      const uint32_t segment = instr.b + (is_data ? linked_.first_data : linked_.first_elem);
      Emit({.code = is_data ? Code::NewArrayData : Code::NewArrayElem,
            .a = result,
            .b = offset,
            .c = length,
            .imm = uint64_t{type} << 32 | segment});
      return;
    }
    case Opcode::ArraySet: {
      const uint32_t value = Pop(), index = Pop(), array = Pop();
      Emit({.code = kElementSet[column],
            .a = array,
            .b = index,
            .c = value,
            .imm = uint64_t{type} << 32});
      return;
    }
    case Opcode::ArrayFill:
      return bulk(Code::FillArray, 4, 0);
    case Opcode::ArrayCopy:
      return bulk(Code::CopyArray, 5, Canonical(instr.b));
    case Opcode::ArrayInitData:
      return bulk(Code::InitArrayData, 4, linked_.first_data + instr.b);
    case Opcode::ArrayInitElem:
      return bulk(Code::InitArrayElem, 4, linked_.first_elem + instr.b);
    default: {
      const uint32_t index = Pop(), array = Pop();
      const uint32_t result = Result(traced);
      Emit({.code = kElementGet[column],
            .a = result,
            .b = array,
            .c = index,
            .imm = uint64_t{type} << 32});
      return;
    }
  }
}

}  // namespace slabhound::bytecode
