// Goal: nothing a valid module says makes the oracle recurse, hang or grow without bound.
#include "oracle/fixture.h"

namespace slabhound::oracle {
namespace {

using wasm::AbstractHeap;
using wasm::Code;
using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;

constexpr uint32_t kNesting = 9'999;
constexpr machine::Limits kSmallHeap{.fuel = 100'000'000, .heap_bytes_max = 1 << 20};

Code Ends(uint32_t count) {
  Code code;
  for (uint32_t i = 0; i < count; ++i) code.End();
  return code;
}

TEST(Hostile, TenThousandNestedBlocksAreEnteredAndLeft) {
  ModuleBuilder module;
  const uint32_t type = module.Func({ValType::I32}, {ValType::I32});
  for (const bool branch : {false, true}) {
    Code code;
    for (uint32_t i = 0; i < kNesting; ++i) code.Block();
    code.Op(Op::LocalGet, 0).Op(Op::BrIf, branch ? kNesting - 1 : 0);
    module.Define(type, {}, code.Append(Ends(kNesting)).I32(7), branch ? "branch" : "fall");
  }
  Rig rig;
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("fall", {machine::Value::I32(0)})), "7");
  EXPECT_EQ(Text(rig.Call("branch", {machine::Value::I32(1)})), "7");
}

TEST(Hostile, TenThousandNestedLoopsAndIfs) {
  ModuleBuilder module;
  const uint32_t type = module.Func({});
  Code loops, ifs;
  for (uint32_t i = 0; i < kNesting; ++i) {
    loops.Loop();
    ifs.I32(static_cast<int32_t>(i % 2)).If();
  }
  module.Define(type, {}, loops.Append(Ends(kNesting)), "loops");
  module.Define(type, {}, ifs.Append(Ends(kNesting)), "ifs");
  Rig rig;
  rig.Instantiate(module);
  rig.machine().SetFuel(kNesting + 1);
  EXPECT_EQ(Text(rig.Call("loops")), "");
  EXPECT_EQ(rig.machine().fuel(), 0);
  rig.machine().SetFuel(1);
  EXPECT_EQ(Text(rig.Call("ifs")), "");
}

TEST(Hostile, AMillionIterations) {
  ModuleBuilder module;
  module.Define(module.Func({ValType::I32}), {}, machine::CountDown(), "count");
  Rig rig;
  rig.Instantiate(module);
  rig.machine().SetFuel(1'000'001);
  EXPECT_EQ(Text(rig.Call("count", {machine::Value::I32(1'000'000)})), "");
  EXPECT_EQ(rig.machine().fuel(), 0);
}

TEST(Hostile, EndlessAllocationEndsAtTheHeapLimit) {
  ModuleBuilder module;
  const uint32_t node = module.Struct({});
  module.Define(module.Func({}), {},
                Code().Loop().Op(Op::StructNew, node).Op(Op::Drop).Op(Op::Br, 0).End(), "leak");
  Rig rig(kSmallHeap);
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("leak")), "exhausted heap");
  EXPECT_EQ(Text(rig.Call("leak")), "exhausted heap");  // it never frees
}

TEST(Hostile, EndlessThrowingEndsAtTheHeapLimit) {
  ModuleBuilder module;
  const uint32_t nothing = module.Func({});
  const uint32_t tag = module.Tag(nothing);
  Code code;
  code.Loop().TryTable({}, {{wasm::CatchKind::CatchAll, 0, 0}}).Op(Op::Throw, tag).End().End();
  module.Define(nothing, {}, code, "throw");
  Rig rig(kSmallHeap);
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("throw")), "exhausted heap");
}

TEST(Hostile, AddressesDoNotWrap) {
  ModuleBuilder module;
  module.Memory({1, {}, true});
  const uint32_t type = module.Func({ValType::I64}, {ValType::I32});
  const Code get = Code().Op(Op::LocalGet, 0);
  module.Define(type, {}, Code(get).Access(Op::I32Load, 2, ~uint64_t{0} - 2), "far");
  module.Define(type, {}, Code(get).Access(Op::I32Load, 2, 8), "near");
  module.Define(type, {}, Code(get).I32(0).Append(get).Op(Op::MemoryFill).I32(0), "fill");
  Rig rig;
  rig.Instantiate(module);
  const auto at = [](uint64_t address) { return std::vector{machine::Value::I64(address)}; };
  EXPECT_EQ(Text(rig.Call("far", at(8))), "trap MemoryOutOfBounds");
  EXPECT_EQ(Text(rig.Call("near", at(~uint64_t{0} - 8))), "trap MemoryOutOfBounds");
  EXPECT_EQ(Text(rig.Call("near", at(65536 - 12))), "0");
  EXPECT_EQ(Text(rig.Call("near", at(65536 - 11))), "trap MemoryOutOfBounds");
  EXPECT_EQ(Text(rig.Call("fill", at(uint64_t{1} << 63))), "trap MemoryOutOfBounds");
}

TEST(Hostile, GrowthStopsAtTheLimits) {
  machine::Limits limits;
  limits.table_elements_max = 10;
  limits.memory_pages_max = 2;
  ModuleBuilder module;
  module.Memory();
  module.Table(ValType::Ref(AbstractHeap::Any, true));
  const uint32_t type = module.Func({ValType::I32}, {ValType::I32});
  module.Define(type, {}, Code().Op(Op::LocalGet, 0).Op(Op::MemoryGrow), "memory");
  module.Define(type, {},
                Code().Heap(Op::RefNull, AbstractHeap::None).Op(Op::LocalGet, 0).Op(Op::TableGrow),
                "table");
  Rig rig(limits);
  rig.Instantiate(module);
  for (const char* name : {"memory", "table"}) {
    const uint32_t most = std::string_view(name) == "memory" ? 2 : 10;
    EXPECT_EQ(Text(rig.Call(name, {machine::Value::I32(0xffff'ffff)})), "4294967295");
    EXPECT_EQ(Text(rig.Call(name, {machine::Value::I32(most + 1)})), "4294967295");
    EXPECT_EQ(Text(rig.Call(name, {machine::Value::I32(most)})), "0");
    EXPECT_EQ(Text(rig.Call(name, {machine::Value::I32(1)})), "4294967295");
    EXPECT_EQ(Text(rig.Call(name, {machine::Value::I32(0)})), std::to_string(most));
  }
}

TEST(Hostile, AManyValuedStackDoesNotOutgrowTheWeightLimit) {
  // Each activation holds 1,000 operands; the weight bounds how many there can be.
  ModuleBuilder module;
  Code code;
  for (int i = 0; i < 1000; ++i) code.I32(1);
  code.Op(Op::Call, 0);
  for (int i = 0; i < 1000; ++i) code.Op(Op::Drop);
  module.Define(module.Func({}), {}, code, "deep");
  machine::Limits limits;
  limits.call_depth_max = 1'000'000;
  limits.fuel = 1'000'000;
  Rig rig(limits);
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("deep")), "exhausted call-depth");
  EXPECT_EQ(rig.machine().fuel(), 1'000'000 - limits.stack_weight_max / 2002);
}

}  // namespace
}  // namespace slabhound::oracle
