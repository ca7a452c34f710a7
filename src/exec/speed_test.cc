// Goal: what makes long runs quick stays within its bounds: memory, and ops for a round of a loop.
// Method: many allocations in the least heap under each collector that frees; the bytecode of a
// loop over an array.
#include <gtest/gtest.h>

#include "bytecode/fixture.h"
#include "exec/fixture.h"

namespace slabhound::exec {
namespace {

using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;
using Body = wasm::Code;

// run(n): n structs, each read once; the last one's number.
ModuleBuilder Allocations() {
  ModuleBuilder module;
  const wasm::TypeIdx pair = module.Struct({{ValType::I32, true}, {ValType::I32, true}});
  const ValType ref = ValType::Ref(wasm::HeapType::Index(pair), true);
  Body code;
  code.Loop().Op(Op::LocalGet, 0).Op(Op::LocalGet, 2).Op(Op::StructNew, pair).Op(Op::LocalSet, 1);
  code.Op(Op::LocalGet, 1).Op(Op::StructGet, pair, 0).Op(Op::LocalSet, 2);
  code.Op(Op::LocalGet, 0).I32(1).Op(Op::I32Sub).Op(Op::LocalTee, 0).Op(Op::BrIf, 0).End();
  code.Op(Op::LocalGet, 2);
  module.Define(module.Func({ValType::I32}, {ValType::I32}), {ref, ValType::I32}, code, "run");
  return module;
}

TEST(Speed, ManyAllocationsFitIntoFourSlabs) {
  for (const gc::CollectorKind collector : {
#define SLABHOUND_COLLECTOR(name, ...) gc::CollectorKind::name,
#include "gc/collectors.def"
       }) {
    if (gc::FreesOf(collector, gc::Extent::Full) == gc::Frees::Nothing) continue;
    const uint32_t count = collector == gc::CollectorKind::MarkSweep ? 10'000'000 : 100'000;
    machine::Limits limits;
    limits.fuel = 20'000'000;
    limits.heap_bytes_max = 64 << 10;
    Rig rig({.collector = collector, .schedule = {}}, limits);
    rig.Instantiate(Allocations());
    EXPECT_EQ(Text(rig.Call("run", {machine::Value::I32(count)})), "1")
        << gc::CollectorName(collector);
  }
}

TEST(Speed, ALoopOverAnArrayTakesAnOpForEachThingThatItDoes) {
  // x[i] += x[i - 1], while ++i < 1000
  ModuleBuilder module;
  const wasm::TypeIdx numbers = module.Array({ValType::I32, true});
  const ValType ref = ValType::Ref(wasm::HeapType::Index(numbers), true);
  const auto x_i = Body().Op(Op::LocalGet, 0).Op(Op::LocalGet, 1);
  Body code;
  code.Loop().Append(x_i).Append(x_i).Op(Op::ArrayGet, numbers).Append(x_i).I32(1).Op(Op::I32Sub);
  code.Op(Op::ArrayGet, numbers).Op(Op::I32Add).Op(Op::ArraySet, numbers);
  code.Op(Op::LocalGet, 1).I32(1).Op(Op::I32Add).Op(Op::LocalTee, 1).I32(1000).Op(Op::I32LtU);
  code.Op(Op::BrIf, 0).End();
  module.Define(module.Func({ref, ValType::I32}), {}, code);
  EXPECT_EQ("\n" + bytecode::Disassemble(bytecode::Compile(module)), R"(
  0 Entry {0}
  1 LoopHeader {0}
  2 ElementGet32 =n4 r0 n1
  3 AddConstant =n6 n1
  4 ElementGet32 =n5 r0 n6
  5 I32Add =n4 n4 n5
  6 ElementSet32 r0 n1 n4
  7 AddConstant =n1 n1
  8 BranchIfLtUTo n1 -> 1
  9 ReturnValues
)");
}

}  // namespace
}  // namespace slabhound::exec
