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

}  // namespace

Weight WeightOf(const testcase::TestCase& test_case, size_t module_bytes) {
  constexpr uint64_t kBytesPerCall = 8;
  Weight weight{module_bytes + kBytesPerCall * test_case.plan.calls.size(), 0};
  for (const wasm::Function& function : test_case.module.functions) {
    for (const wasm::Instr& instr : function.body.code) {
      weight.complexity += InstrComplexity(instr);
    }
  }
  for (const wasm::Global& global : test_case.module.globals) {
    for (const wasm::Instr& instr : global.init.code) weight.complexity += InstrComplexity(instr);
  }
  for (const testcase::Call& call : test_case.plan.calls) {
    weight.complexity += call.arguments.size();
    for (const uint64_t argument : call.arguments) {
      weight.complexity += static_cast<uint64_t>(std::bit_width(argument));
    }
  }
  return weight;
}

}  // namespace slabhound::minimizer
