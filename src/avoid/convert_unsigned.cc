// For engines in which f32.convert_i64_u rounds wrongly from 2^63 on (spec 4.3.4, convert_u): such
// a number is halved, with its lowest bit kept for the rounding, converted as a signed one and
// doubled.
#include <optional>

#include "avoid/avoid.h"
#include "rewrite/function_editor.h"

namespace slabhound::avoid {
namespace {

using wasm::Opcode;
using wasm::ValType;

bool Rewrite(const wasm::Module& module, wasm::Function& function) {
  rewrite::FunctionEditor code(module, function);
  std::optional<uint32_t> integer, half;
  return code.ReplaceEach(Opcode::F32ConvertI64U, [&](const wasm::Instr&) {
    if (!integer) {
      integer = code.AddLocal(ValType::I64);
      half = code.AddLocal(ValType::F32);
    }
    const auto constant = [&](uint64_t bits) { code.Emit(Opcode::I64Const, 0, 0, bits); };
    code.Emit(Opcode::LocalSet, *integer);
    code.Get({*integer});
    constant(1);
    code.Emit(Opcode::I64ShrU);
    code.Get({*integer});
    constant(1);
    code.Emit(Opcode::I64And);
    code.Emit(Opcode::I64Or);
    code.Emit(Opcode::F32ConvertI64S);
    code.Emit(Opcode::LocalTee, *half);
    code.Get({*half});
    code.Emit(Opcode::F32Add);
    code.Get({*integer});
    code.Emit(Opcode::F32ConvertI64S);
    code.Get({*integer});
    constant(0);
    code.Emit(Opcode::I64LtS);
    code.Emit(Opcode::Select);
  });
}

}  // namespace

bool AvoidConvertUnsigned(wasm::Module& module) {
  bool any = false;
  for (wasm::Function& function : module.functions) any |= Rewrite(module, function);
  return any;
}

}  // namespace slabhound::avoid
