// Goal: the module of wasmtime#10397 runs clean, and shows the fault that re-creates its cause.
// Method: the shape published in that issue, with the outer loop bounded: nested loops, an array
// local written through a cast to its own type, br_if on a constant 0, an allocation in the outer
// loop, and a call_ref through a field of a struct that only the outer back edge keeps alive.
#include "exec/fixture.h"

namespace slabhound::exec {
namespace {

using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;
using Body = wasm::Code;

// run(n): the number of outer rounds, counted by the called function.
ModuleBuilder NestedLoops() {
  ModuleBuilder module;
  const wasm::TypeIdx callee = module.Func({ValType::I32}, {ValType::I32});
  const ValType callee_ref = ValType::Ref(wasm::HeapType::Index(callee), true);
  const wasm::TypeIdx closure = module.Struct({{callee_ref, false}});
  const ValType closure_ref = ValType::Ref(wasm::HeapType::Index(closure), true);
  const wasm::TypeIdx array = module.Array({ValType::I32, true});
  const ValType array_ref = ValType::Ref(wasm::HeapType::Index(array), true);
  const uint32_t increment =
      module.Define(callee, {}, Body().Op(Op::LocalGet, 0).I32(1).Op(Op::I32Add));
  module.Functions({increment});

  constexpr uint32_t kRounds = 0, kClosure = 1, kArray = 2, kCount = 3;
  Body code;
  code.Op(Op::RefFunc, increment).Op(Op::StructNew, closure).Op(Op::LocalSet, kClosure);
  code.I32(1).Op(Op::ArrayNewDefault, array).Op(Op::LocalSet, kArray);
  code.Loop();
  code.Op(Op::LocalGet, kCount).Op(Op::LocalGet, kClosure).Op(Op::StructGet, closure, 0);
  code.Op(Op::CallRef, callee).Op(Op::LocalSet, kCount);
  code.I32(1).Op(Op::ArrayNewDefault, array).Op(Op::Drop);
  code.Loop();
  code.Op(Op::LocalGet, kArray).Heap(Op::RefCast, wasm::HeapType::Index(array)).I32(0).I32(1);
  code.Op(Op::ArraySet, array).I32(0).Op(Op::BrIf, 0).End();
  code.Op(Op::LocalGet, kCount).Op(Op::LocalGet, kRounds).Op(Op::I32LtS).Op(Op::BrIf, 0).End();
  code.Op(Op::LocalGet, kCount);
  module.Define(module.Func({ValType::I32}, {ValType::I32}), {closure_ref, array_ref, ValType::I32},
                code, "run");
  return module;
}

std::string RunUnder(std::string_view schedule, heap::Fault fault) {
  Rig rig({.schedule = *gc::ParseSchedule(schedule), .fault = fault});
  rig.Instantiate(NestedLoops());
  return Text(rig.Call("run", {machine::Value::I32(10)}));
}

TEST(RootLoop, RunsCleanUnderEverySchedule) {
  for (const char* schedule :
       {"never", "explicit", "every-2", "every-allocation", "every-safepoint"}) {
    EXPECT_EQ(RunUnder(schedule, heap::Fault::None), "10") << schedule;
  }
}

TEST(RootLoop, PanicsWithTheFault) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  for (const char* schedule : {"every-allocation", "every-safepoint"}) {
    const std::string text = RunUnder(schedule, heap::Fault::RootLoopNoFixpoint);
    EXPECT_TRUE(text == "panic stale id" || text == "panic id from different slab") << text;
  }
}

TEST(RootLoop, NeedsACollectionToShow) {
  EXPECT_EQ(RunUnder("never", heap::Fault::RootLoopNoFixpoint), "10");
}

}  // namespace
}  // namespace slabhound::exec
