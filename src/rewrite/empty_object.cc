#include "rewrite/empty_object.h"

#include <algorithm>

#include "rewrite/edit.h"

namespace slabhound::rewrite {

using wasm::Opcode;

std::optional<wasm::Instr> NewEmpty(const wasm::CompositeType& composite, uint32_t type) {
  if (std::holds_alternative<wasm::ArrayType>(composite)) return Op(Opcode::ArrayNewFixed, type, 0);
  const auto* structure = std::get_if<wasm::StructType>(&composite);
  const auto has_default = [](const wasm::FieldType& field) { return field.type.is_defaultable(); };
  if (!structure || !std::ranges::all_of(structure->fields, has_default)) return std::nullopt;
  return Op(Opcode::StructNewDefault, type);
}

std::optional<wasm::Instr> EmptyLike(const wasm::Instr& instr) {
  switch (instr.op) {
    case Opcode::StructNew:
      return Op(Opcode::StructNewDefault, instr.a);
    case Opcode::ArrayNew:
    case Opcode::ArrayNewDefault:
    case Opcode::ArrayNewData:
    case Opcode::ArrayNewElem:
    case Opcode::ArrayNewFixed:
      return Op(Opcode::ArrayNewFixed, instr.a, 0);
    default:
      return std::nullopt;
  }
}

}  // namespace slabhound::rewrite
