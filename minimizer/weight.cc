#include "minimizer/weight.h"

#include <bit>

namespace slabhound::minimizer {
namespace {

// A constant is simpler than what computes one, and a small constant than a large one.
uint64_t InstrComplexity(const wasm::Instr& instr) {
  using wasm::Opcode;
  switch (instr.op) {
    case Opcode::Nop:
    case Opcode::Unreachable:
    case Opcode::RefNull:
    case Opcode::End:
      return 1;
    case Opcode::I32Const:
    case Opcode::I64Const:
    case Opcode::F32Const:
    case Opcode::F64Const:
      return 1 + static_cast<uint64_t>(std::bit_width(instr.bits));
    case Opcode::Drop:
    case Opcode::LocalGet:
      return 66 + instr.a;
    // What has a plainer relative.
    case Opcode::Throw:
    case Opcode::ReturnCall:
    case Opcode::ReturnCallRef:
    case Opcode::ReturnCallIndirect:
      return 110;
    default:
      return 100;
  }
}

// Types that allow less: unchanging fields, no null, no subtypes.
uint64_t TypeComplexity(const wasm::ValType& type) { return type.is_ref() && type.nullable(); }

uint64_t FieldComplexity(const wasm::FieldType& field) {
  return (field.is_mutable ? 1 : 0) + TypeComplexity(field.type);
}

uint64_t TypeComplexity(const wasm::SubType& type) {
  uint64_t complexity = type.is_final ? 0 : 1;
  if (const auto* array = std::get_if<wasm::ArrayType>(&type.composite)) {
    complexity += FieldComplexity(array->element);
  } else if (const auto* structure = std::get_if<wasm::StructType>(&type.composite)) {
    for (const wasm::FieldType& field : structure->fields) complexity += FieldComplexity(field);
  }
  return complexity;
}

void AddBody(const wasm::Body& body, Weight& weight) {
  for (const wasm::Instr& instr : body.code) {
    weight.complexity += InstrComplexity(instr);
    const bool is_integer =
        instr.op == wasm::Opcode::I32Const || instr.op == wasm::Opcode::I64Const;
    const uint64_t sum = weight.numbers + (is_integer ? instr.bits : 0);
    weight.numbers = sum < weight.numbers ? UINT64_MAX : sum;
  }
}

}  // namespace

Weight WeightOf(const testcase::TestCase& test_case, size_t module_bytes) {
  constexpr uint64_t kBytesPerCall = 8;
  const wasm::Module& module = test_case.module;
  Weight weight{.bytes = module_bytes + kBytesPerCall * test_case.plan.calls.size()};
  for (const wasm::Function& function : module.functions) {
    AddBody(function.body, weight);
    // Locals of one type are one entry of the file, however many.
    for (const wasm::ValType local : function.locals) {
      weight.complexity += 1 + TypeComplexity(local);
    }
  }
  for (const wasm::Global& global : module.globals) {
    AddBody(global.init, weight);
    weight.complexity += (global.type.is_mutable ? 1 : 0) + TypeComplexity(global.type.type);
  }
  for (const wasm::SubType& type : module.types) weight.complexity += TypeComplexity(type);
  for (const wasm::Table& table : module.tables) {
    if (table.init) AddBody(*table.init, weight);
  }
  for (const wasm::ElemSegment& segment : module.elems) {
    AddBody(segment.table_offset, weight);
    for (const wasm::Body& item : segment.items) AddBody(item, weight);
  }
  for (const wasm::DataSegment& segment : module.datas) AddBody(segment.memory_offset, weight);
  for (const testcase::Call& call : test_case.plan.calls) {
    weight.complexity += call.arguments.size();
    for (const uint64_t argument : call.arguments) {
      weight.complexity += static_cast<uint64_t>(std::bit_width(argument));
    }
  }
  return weight;
}

}  // namespace slabhound::minimizer
