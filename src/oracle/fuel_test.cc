// Goal: fuel, depth and weight run out at exactly the events of machine/machine.h, F1 to F6.
// Method: small modules whose events can be counted by hand.
#include "oracle/fixture.h"

namespace slabhound::oracle {
namespace {

using wasm::Code;
using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;

constexpr uint64_t kPlenty = 1'000'000;

uint64_t FuelUsed(Rig& rig, std::string_view name, std::vector<machine::Value> arguments = {}) {
  rig.machine().SetFuel(kPlenty);
  rig.Call(name, std::move(arguments));
  return kPlenty - rig.machine().fuel();
}

Code Get(uint32_t local) { return Code().Op(Op::LocalGet, local); }

TEST(Fuel, CountsFunctionEntryAndEachArrivalAtALoop) {
  ModuleBuilder module;
  module.Define(module.Func({ValType::I32}), {}, machine::CountDown(), "count");
  Rig rig;
  rig.Instantiate(module);
  EXPECT_EQ(FuelUsed(rig, "count", {machine::Value::I32(1)}), 2);
  EXPECT_EQ(FuelUsed(rig, "count", {machine::Value::I32(10)}), 11);
}

TEST(Fuel, RunsOutAtTheEventThatLacksItAndLeavesTheMachineUsable) {
  ModuleBuilder module;
  module.Global(ValType::I32, true, Code().I32(0), "g");
  module.Define(module.Func({}), {},
                Code()
                    .Loop()
                    .Op(Op::GlobalGet, 0)
                    .I32(1)
                    .Op(Op::I32Add)
                    .Op(Op::GlobalSet, 0)
                    .Op(Op::Br, 0)
                    .End(),
                "forever");
  Rig rig;
  rig.Instantiate(module);
  rig.machine().SetFuel(5);
  EXPECT_EQ(Text(rig.Call("forever")), "exhausted fuel");
  EXPECT_EQ(rig.machine().fuel(), 0);
  EXPECT_EQ(rig.machine().ReadGlobal(rig.Export("g"))->bits, 4);  // entry, then four arrivals
  rig.machine().SetFuel(3);
  EXPECT_EQ(Text(rig.Call("forever")), "exhausted fuel");
  EXPECT_EQ(rig.machine().ReadGlobal(rig.Export("g"))->bits, 6);
}

TEST(Fuel, NoFuelMeansNoEntry) {
  ModuleBuilder module;
  module.Define(module.Func({}), {}, Code(), "nothing");
  Rig rig;
  rig.Instantiate(module);
  rig.machine().SetFuel(0);
  EXPECT_EQ(Text(rig.Call("nothing")), "exhausted fuel");
  rig.machine().SetFuel(1);
  EXPECT_EQ(Text(rig.Call("nothing")), "");
  EXPECT_EQ(rig.machine().fuel(), 0);
}

TEST(Fuel, CountsHostFunctionsAndTailCalls) {
  ModuleBuilder module;
  const uint32_t type = module.Func({});
  const uint32_t host = module.Import(wasm::FuncRef{type});
  const uint32_t leaf = module.Define(type, {}, Code().Op(Op::Call, host));
  module.Define(type, {}, Code().Op(Op::ReturnCall, leaf), "wasm");
  module.Define(type, {}, Code().Op(Op::ReturnCall, host), "host");
  Rig rig;
  const uint32_t address = rig.machine().AddHostFunction(
      rig.FuncType({}, {}), [](machine::Machine&, auto) { return machine::Returned{}; });
  rig.Instantiate(module, {{wasm::ExternKind::Func, address}});
  EXPECT_EQ(FuelUsed(rig, "wasm"), 3);
  EXPECT_EQ(FuelUsed(rig, "host"), 2);
  rig.machine().SetFuel(kPlenty);
  rig.machine().Call(address, {});
  EXPECT_EQ(rig.machine().fuel(), kPlenty - 1);
}

TEST(Fuel, BulkInstructionsCostTheirUnitsDividedRoundedDown) {
  ModuleBuilder module;
  const uint32_t type = module.Func({ValType::I32});
  const uint32_t bytes = module.Array({wasm::StorageType::I8, true});
  module.Memory({1, {}, false});
  module.Define(type, {}, Code().I32(0).I32(7).Append(Get(0)).Op(Op::MemoryFill), "fill");
  module.Define(type, {}, Get(0).Op(Op::ArrayNewDefault, bytes).Op(Op::Drop), "array");
  module.Define(type, {}, Get(0).Op(Op::MemoryGrow).Op(Op::Drop), "grow");
  Rig rig;
  rig.Instantiate(module);
  EXPECT_EQ(FuelUsed(rig, "fill", {machine::Value::I32(2047)}), 1);
  EXPECT_EQ(FuelUsed(rig, "fill", {machine::Value::I32(2048)}), 2);
  EXPECT_EQ(FuelUsed(rig, "fill", {machine::Value::I32(65536)}), 1 + 32);
  EXPECT_EQ(FuelUsed(rig, "fill", {machine::Value::I32(65537)}), 1);  // the trap comes first
  EXPECT_EQ(FuelUsed(rig, "array", {machine::Value::I32(8000)}), 1 + 3);
  EXPECT_EQ(FuelUsed(rig, "grow", {machine::Value::I32(2)}), 1 + 64);
  EXPECT_EQ(FuelUsed(rig, "grow", {machine::Value::I32(100'000)}), 1);  // refused
}

TEST(Fuel, ABulkInstructionWithoutFuelHasNoEffect) {
  ModuleBuilder module;
  module.Memory({1, {}, false}, "m");
  module.Define(module.Func({}), {}, Code().I32(0).I32(7).I32(8192).Op(Op::MemoryFill), "fill");
  Rig rig;
  rig.Instantiate(module);
  rig.machine().SetFuel(1 + 3);
  EXPECT_EQ(Text(rig.Call("fill")), "exhausted fuel");
  EXPECT_EQ(rig.machine().MemoryBytes(rig.Export("m"))[0], 0);
  rig.machine().SetFuel(1 + 4);
  EXPECT_EQ(Text(rig.Call("fill")), "");
  EXPECT_EQ(rig.machine().MemoryBytes(rig.Export("m"))[8191], 7);
}

TEST(Fuel, TheObjectLimitIsAskedBeforeFuelAndHoldsToTheByte) {
  machine::Limits limits;
  limits.object_bytes_max = 80'000;
  limits.fuel = 2;
  ModuleBuilder module;
  const uint32_t array = module.Array({ValType::Ref(wasm::AbstractHeap::Any, true), true});
  module.Define(module.Func({ValType::I32}), {}, Get(0).Op(Op::ArrayNewDefault, array).Op(Op::Drop),
                "array");
  Rig rig(limits);
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("array", {machine::Value::I32(10'001)})), "exhausted object-size");
  EXPECT_EQ(rig.machine().fuel(), 1);  // the entry alone
  rig.machine().SetFuel(1 + 4);
  EXPECT_EQ(Text(rig.Call("array", {machine::Value::I32(10'000)})), "");
  rig.machine().SetFuel(kPlenty);
  EXPECT_EQ(Text(rig.Call("array", {machine::Value::I32(0xffff'ffff)})), "exhausted huge-object");
}

// f(n): n == 0 or calls itself with n - 1.
ModuleBuilder Recursion(Op call) {
  ModuleBuilder module;
  module.Define(module.Func({ValType::I32}), {},
                Get(0).If().Append(Get(0)).I32(1).Op(Op::I32Sub).Op(call, 0).End(), "f");
  return module;
}

TEST(Depth, ExactlyTheLimitIsAllowed) {
  machine::Limits limits;
  limits.call_depth_max = 10;
  Rig rig(limits);
  rig.Instantiate(Recursion(Op::Call));
  EXPECT_EQ(Text(rig.Call("f", {machine::Value::I32(9)})), "");
  EXPECT_EQ(Text(rig.Call("f", {machine::Value::I32(10)})), "exhausted call-depth");
  EXPECT_EQ(Text(rig.Call("f", {machine::Value::I32(9)})), "");
}

TEST(Depth, IsAskedBeforeFuel) {
  machine::Limits limits;
  limits.call_depth_max = 2;
  Rig rig(limits);
  rig.Instantiate(Recursion(Op::Call));
  rig.machine().SetFuel(2);
  EXPECT_EQ(Text(rig.Call("f", {machine::Value::I32(5)})), "exhausted call-depth");
  EXPECT_EQ(rig.machine().fuel(), 0);
}

TEST(Depth, ATailCallReplacesItsCaller) {
  machine::Limits limits;
  limits.call_depth_max = 1;
  limits.fuel = 2'000'000;
  Rig rig(limits);
  rig.Instantiate(Recursion(Op::ReturnCall));
  EXPECT_EQ(Text(rig.Call("f", {machine::Value::I32(1'000'000)})), "");
  EXPECT_EQ(rig.machine().fuel(), 2'000'000 - 1'000'001);
}

TEST(Depth, TheWeightOfActiveFunctionsIsBounded) {
  machine::Limits limits;
  limits.stack_weight_max = 3 * 9;  // one parameter, eight instructions
  Rig rig(limits);
  rig.Instantiate(Recursion(Op::Call));
  EXPECT_EQ(Text(rig.Call("f", {machine::Value::I32(2)})), "");
  EXPECT_EQ(Text(rig.Call("f", {machine::Value::I32(3)})), "exhausted call-depth");
  EXPECT_EQ(Text(rig.Call("f", {machine::Value::I32(2)})), "");
}

TEST(Depth, ReentryThroughHostFunctionsIsBoundedAndCounted) {
  machine::Limits limits;
  limits.host_depth_max = 5;
  ModuleBuilder module;
  const uint32_t type = module.Func({});
  const uint32_t host = module.Import(wasm::FuncRef{type});
  module.Define(type, {}, Code().Op(Op::Call, host), "again");
  const auto run_with = [&](uint32_t call_depth_max) {
    limits.call_depth_max = call_depth_max;
    Rig rig(limits);
    int calls = 0;
    uint32_t again = 0;
    const uint32_t address =
        rig.machine().AddHostFunction(rig.FuncType({}, {}), [&](machine::Machine& machine, auto) {
          ++calls;
          return machine.Call(again, {});
        });
    rig.Instantiate(module, {{wasm::ExternKind::Func, address}});
    again = rig.Export("again");
    EXPECT_EQ(Text(rig.Call("again")), "exhausted call-depth");
    return calls;
  };
  EXPECT_EQ(run_with(256), 5);
  EXPECT_EQ(run_with(6), 3);  // three of each kind are active
  EXPECT_EQ(run_with(5), 2);
}

}  // namespace
}  // namespace slabhound::oracle
