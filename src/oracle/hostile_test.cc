// Goal: nothing a valid module says makes the oracle recurse, hang or grow without bound.
#include "oracle/fixture.h"

namespace slabhound::oracle {
namespace {

using wasm::AbstractHeap;
using wasm::HeapType;
using wasm::ValType;
using Op = wasm::Opcode;

constexpr uint32_t kNesting = 9'999;

TEST(Hostile, TenThousandNestedBlocksAreEnteredAndLeft) {
  Assembly module;
  const uint32_t type = module.AddFuncType({ValType::I32}, {ValType::I32});
  for (const bool branch : {false, true}) {
    Code code(kNesting, Open(Op::Block));
    code.push_back(In(Op::LocalGet, 0));
    code.push_back(In(Op::BrIf, branch ? kNesting - 1 : 0));
    code.insert(code.end(), kNesting, End());
    code.push_back(Const(7));
    module.AddFunction(type, {}, code, branch ? "branch" : "fall");
  }
  Rig rig;
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("fall", {embed::Value::I32(0)})), "7");
  EXPECT_EQ(Text(rig.Call("branch", {embed::Value::I32(1)})), "7");
}

TEST(Hostile, TenThousandNestedLoopsAndIfs) {
  Assembly module;
  const uint32_t type = module.AddFuncType({}, {});
  Code loops(kNesting, Open(Op::Loop));
  loops.insert(loops.end(), kNesting, End());
  module.AddFunction(type, {}, loops, "loops");
  Code ifs;
  for (uint32_t i = 0; i < kNesting; ++i) {
    ifs.push_back(Const(i % 2));
    ifs.push_back(Open(Op::If));
  }
  ifs.insert(ifs.end(), kNesting, End());
  module.AddFunction(type, {}, ifs, "ifs");
  Rig rig;
  rig.Instantiate(module);
  rig.machine().SetFuel(kNesting + 1);
  EXPECT_EQ(Text(rig.Call("loops")), "");
  EXPECT_EQ(rig.machine().fuel(), 0);
  rig.machine().SetFuel(1);
  EXPECT_EQ(Text(rig.Call("ifs")), "");
}

TEST(Hostile, AMillionIterations) {
  Assembly module;
  module.AddFunction(module.AddFuncType({ValType::I32}, {}), {},
                     {Open(Op::Loop), In(Op::LocalGet, 0), Const(1), In(Op::I32Sub),
                      In(Op::LocalTee, 0), In(Op::BrIf, 0), End()},
                     "count");
  Rig rig;
  rig.Instantiate(module);
  rig.machine().SetFuel(1'000'001);
  EXPECT_EQ(Text(rig.Call("count", {embed::Value::I32(1'000'000)})), "");
  EXPECT_EQ(rig.machine().fuel(), 0);
}

TEST(Hostile, EndlessAllocationEndsAtTheHeapLimit) {
  Assembly module;
  const uint32_t node = module.AddType(wasm::StructType{});
  module.AddFunction(module.AddFuncType({}, {}), {},
                     {Open(Op::Loop), In(Op::StructNew, node), In(Op::Drop), In(Op::Br, 0), End()},
                     "leak");
  embed::Limits limits;
  limits.fuel = 100'000'000;
  limits.heap_bytes_max = 1 << 20;
  Rig rig(limits);
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("leak")), "exhausted heap");
  EXPECT_EQ(Text(rig.Call("leak")), "exhausted heap");  // it never frees
}

TEST(Hostile, EndlessThrowingEndsAtTheHeapLimit) {
  Assembly module;
  const uint32_t nothing = module.AddFuncType({}, {});
  const uint32_t tag = module.AddTag(nothing);
  module.AddFunction(nothing, {},
                     {Open(Op::Loop), In(Op::TryTable, wasm::BlockType().bits(), 0, 1),
                      In(Op::Throw, tag), End(), End()},
                     "throw");
  module.module.functions.back().body.catches = {{wasm::CatchKind::CatchAll, 0, 0}};
  embed::Limits limits;
  limits.fuel = 100'000'000;
  limits.heap_bytes_max = 1 << 20;
  Rig rig(limits);
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("throw")), "exhausted heap");
}

TEST(Hostile, AddressesDoNotWrap) {
  Assembly module;
  module.module.memories.push_back({{{1, {}, true}}, 0});
  const uint32_t type = module.AddFuncType({ValType::I64}, {ValType::I32});
  module.AddFunction(type, {}, {In(Op::LocalGet, 0), In(Op::I32Load, 0, 2, ~uint64_t{0} - 2)},
                     "far");
  module.AddFunction(type, {}, {In(Op::LocalGet, 0), In(Op::I32Load, 0, 2, 8)}, "near");
  module.AddFunction(type, {},
                     {Const(0), In(Op::Drop), In(Op::LocalGet, 0), Const(0), In(Op::LocalGet, 0),
                      In(Op::MemoryFill), Const(0)},
                     "fill");
  Rig rig;
  rig.Instantiate(module);
  const auto at = [](uint64_t address) { return std::vector{embed::Value::I64(address)}; };
  EXPECT_EQ(Text(rig.Call("far", at(8))), "trap MemoryOutOfBounds");
  EXPECT_EQ(Text(rig.Call("near", at(~uint64_t{0} - 8))), "trap MemoryOutOfBounds");
  EXPECT_EQ(Text(rig.Call("near", at(65536 - 12))), "0");
  EXPECT_EQ(Text(rig.Call("near", at(65536 - 11))), "trap MemoryOutOfBounds");
  EXPECT_EQ(Text(rig.Call("fill", at(uint64_t{1} << 63))), "trap MemoryOutOfBounds");
}

TEST(Hostile, GrowthStopsAtTheLimits) {
  embed::Limits limits;
  limits.table_elements_max = 10;
  limits.memory_pages_max = 2;
  Assembly module;
  module.AddMemory(0);
  module.AddTable(ValType::Ref(AbstractHeap::Any, true), 0);
  const uint32_t type = module.AddFuncType({ValType::I32}, {ValType::I32});
  module.AddFunction(type, {}, {In(Op::LocalGet, 0), In(Op::MemoryGrow)}, "memory");
  module.AddFunction(type, {},
                     {In(Op::RefNull, HeapType(AbstractHeap::None).code()), In(Op::LocalGet, 0),
                      In(Op::TableGrow)},
                     "table");
  Rig rig(limits);
  rig.Instantiate(module);
  for (const char* name : {"memory", "table"}) {
    const uint32_t most = std::string_view(name) == "memory" ? 2 : 10;
    EXPECT_EQ(Text(rig.Call(name, {embed::Value::I32(0xffff'ffff)})), "4294967295");
    EXPECT_EQ(Text(rig.Call(name, {embed::Value::I32(most + 1)})), "4294967295");
    EXPECT_EQ(Text(rig.Call(name, {embed::Value::I32(most)})), "0");
    EXPECT_EQ(Text(rig.Call(name, {embed::Value::I32(1)})), "4294967295");
    EXPECT_EQ(Text(rig.Call(name, {embed::Value::I32(0)})), std::to_string(most));
  }
}

TEST(Hostile, AManyValuedStackDoesNotOutgrowTheWeightLimit) {
  // Each activation holds 1,000 operands; the weight bounds how many there can be.
  Assembly module;
  const uint32_t type = module.AddFuncType({}, {});
  Code code(1000, Const(1));
  code.push_back(In(Op::Call, 0));
  code.insert(code.end(), 1000, In(Op::Drop));
  module.AddFunction(type, {}, code, "deep");
  embed::Limits limits;
  limits.call_depth_max = 1'000'000;
  limits.fuel = 1'000'000;
  Rig rig(limits);
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("deep")), "exhausted call-depth");
  EXPECT_EQ(rig.machine().fuel(), 1'000'000 - limits.stack_weight_max / 2002);
}

}  // namespace
}  // namespace slabhound::oracle
