#include <fmt/format.h>

#include "valid/code.h"
#include "wasm/limits.h"

namespace slabhound::valid {

using wasm::ArrayType;
using wasm::FieldType;
using wasm::StructType;

bool CodeValidator::StructNew(const Instr& instr) {
  const StructType* type = Struct(instr.a);
  if (!type) return false;
  if (!Spend(type->fields.size())) return false;
  for (size_t i = type->fields.size(); i-- > 0;) {
    if (!Pop(type->fields[i].type.Unpacked())) return false;
  }
  Push(RefTo(instr.a, false));
  return true;
}

bool CodeValidator::StructNewDefault(const Instr& instr) {
  const StructType* type = Struct(instr.a);
  if (!type) return false;
  if (!Spend(type->fields.size())) return false;
  for (size_t i = 0; i < type->fields.size(); ++i) {
    if (!type->fields[i].type.is_defaultable()) return FailIndex(ErrorCode::NotDefaultable, i);
  }
  Push(RefTo(instr.a, false));
  return true;
}

bool CodeValidator::StructGet(const Instr& instr, bool is_packed) {
  const FieldType* field = Field(instr.a, instr.b);
  if (!field) return false;
  if (field->type.is_packed() != is_packed) return FailIndex(ErrorCode::FieldPacking, instr.b);
  if (!Pop(RefTo(instr.a, true))) return false;
  Push(field->type.Unpacked());
  return true;
}

bool CodeValidator::StructSet(const Instr& instr) {
  const FieldType* field = Field(instr.a, instr.b);
  if (!field) return false;
  if (!field->is_mutable) return FailIndex(ErrorCode::ImmutableField, instr.b);
  return Pop(field->type.Unpacked()) && Pop(RefTo(instr.a, true));
}

bool CodeValidator::ArrayNew(const Instr& instr) {
  const ArrayType* type = Array(instr.a);
  if (!type || !Pop(ValType::I32) || !Pop(type->element.type.Unpacked())) return false;
  Push(RefTo(instr.a, false));
  return true;
}

bool CodeValidator::ArrayNewDefault(const Instr& instr) {
  const ArrayType* type = Array(instr.a);
  if (!type) return false;
  if (!type->element.type.is_defaultable()) return Fail(ErrorCode::NotDefaultable, "array element");
  if (!Pop(ValType::I32)) return false;
  Push(RefTo(instr.a, false));
  return true;
}

bool CodeValidator::ArrayNewFixed(const Instr& instr) {
  const ArrayType* type = Array(instr.a);
  if (!type) return false;
  if (instr.b > wasm::limits::kArrayNewFixedMax) {
    return Fail(ErrorCode::LimitExceeded, "operands of array.new_fixed");
  }
  const ValType element = type->element.type.Unpacked();
  if (!Spend(instr.b)) return false;
  for (uint32_t i = 0; i < instr.b; ++i) {
    if (!Pop(element)) return false;
  }
  Push(RefTo(instr.a, false));
  return true;
}

// Data segments hold numbers only.
bool CodeValidator::CheckArrayData(const ArrayType& array, uint32_t data) {
  if (array.element.type.is_ref()) {
    return Fail(ErrorCode::TypeMismatch, "array type is not numeric or vector");
  }
  return CheckData(data);
}

bool CodeValidator::CheckArrayElem(const ArrayType& array, uint32_t elem) {
  if (!CheckElem(elem)) return false;
  return types_.IsSubtype(context_.elems[elem], array.element.type) ||
         Fail(ErrorCode::TypeMismatch,
              fmt::format("segment {} of {} does not match the array of {}",
                          context_.IndexText(wasm::IndexSpace::Elem, elem),
                          Text(context_.elems[elem]), Text(array.element.type)));
}

bool CodeValidator::ArrayNewData(const Instr& instr) {
  const ArrayType* type = Array(instr.a);
  if (!type || !CheckArrayData(*type, instr.b)) return false;
  if (!Pop(ValType::I32) || !Pop(ValType::I32)) return false;
  Push(RefTo(instr.a, false));
  return true;
}

bool CodeValidator::ArrayNewElem(const Instr& instr) {
  const ArrayType* type = Array(instr.a);
  if (!type || !CheckArrayElem(*type, instr.b)) return false;
  if (!Pop(ValType::I32) || !Pop(ValType::I32)) return false;
  Push(RefTo(instr.a, false));
  return true;
}

bool CodeValidator::ArrayGet(const Instr& instr, bool is_packed) {
  const ArrayType* type = Array(instr.a);
  if (!type) return false;
  if (type->element.type.is_packed() != is_packed) {
    return Fail(ErrorCode::FieldPacking, "array element");
  }
  if (!Pop(ValType::I32) || !Pop(RefTo(instr.a, true))) return false;
  Push(type->element.type.Unpacked());
  return true;
}

const ArrayType* CodeValidator::MutableArray(uint32_t type) {
  const ArrayType* array = Array(type);
  if (!array || array->element.is_mutable) return array;
  FailNamed(ErrorCode::ImmutableArray, wasm::IndexSpace::Type, type);
  return nullptr;
}

bool CodeValidator::ArraySet(const Instr& instr) {
  const ArrayType* type = MutableArray(instr.a);
  return type && Pop(type->element.type.Unpacked()) && Pop(ValType::I32) &&
         Pop(RefTo(instr.a, true));
}

bool CodeValidator::ArrayLen() {
  if (!Pop(ValType::Ref(wasm::AbstractHeap::Array, true))) return false;
  Push(ValType::I32);
  return true;
}

bool CodeValidator::ArrayFill(const Instr& instr) {
  const ArrayType* type = MutableArray(instr.a);
  return type && Pop(ValType::I32) && Pop(type->element.type.Unpacked()) && Pop(ValType::I32) &&
         Pop(RefTo(instr.a, true));
}

bool CodeValidator::ArrayCopy(const Instr& instr) {
  const ArrayType* to = MutableArray(instr.a);
  const ArrayType* from = to ? Array(instr.b) : nullptr;
  if (!from) return false;
  if (!types_.IsSubtype(static_cast<ValType>(from->element.type),
                        static_cast<ValType>(to->element.type))) {
    return Fail(
        ErrorCode::ArrayElemMismatch,
        fmt::format("{} of {} and {} of {}", context_.IndexText(wasm::IndexSpace::Type, instr.a),
                    Text(to->element.type), context_.IndexText(wasm::IndexSpace::Type, instr.b),
                    Text(from->element.type)));
  }
  return Pop(ValType::I32) && Pop(ValType::I32) && Pop(RefTo(instr.b, true)) && Pop(ValType::I32) &&
         Pop(RefTo(instr.a, true));
}

bool CodeValidator::ArrayInitData(const Instr& instr) {
  const ArrayType* type = MutableArray(instr.a);
  return type && CheckArrayData(*type, instr.b) && Pop(ValType::I32) && Pop(ValType::I32) &&
         Pop(ValType::I32) && Pop(RefTo(instr.a, true));
}

bool CodeValidator::ArrayInitElem(const Instr& instr) {
  const ArrayType* type = MutableArray(instr.a);
  return type && CheckArrayElem(*type, instr.b) && Pop(ValType::I32) && Pop(ValType::I32) &&
         Pop(ValType::I32) && Pop(RefTo(instr.a, true));
}

}  // namespace slabhound::valid
