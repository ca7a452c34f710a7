// Goal: collections change nothing that a program can see, wherever they happen and whatever holds
// the only reference at that moment.
// Method: small modules, each built around one holder, run under every collector and schedule.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "exec/fixture.h"
#include "gc/collector.h"

namespace slabhound::exec {
namespace {

using wasm::CatchKind;
using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;
using Body = wasm::Code;

// $s = (struct (mut i32)), $refs = (array (mut (ref null $s))), and a collection as function 0.
struct Shapes {
  ModuleBuilder module;
  wasm::TypeIdx nothing = module.Func({});
  wasm::TypeIdx s = module.Struct({{ValType::I32, true}});
  ValType ref = ValType::Ref(wasm::HeapType::Index(s), true);
  wasm::TypeIdx refs = module.Array({ref, true});
  ValType refs_ref = ValType::Ref(wasm::HeapType::Index(refs), true);
  wasm::TypeIdx to_i32 = module.Func({}, {ValType::I32});
  uint32_t gc = module.Import(wasm::FuncRef{nothing});

  Body New(int32_t value) const { return Body().I32(value).Op(Op::StructNew, s); }
  // A collection, then objects of the same size: what was lost is now something else.
  Body Churn() const {
    return Body().Op(Op::Call, gc).Append(New(-1)).Op(Op::Drop).Append(New(-2)).Op(Op::Drop);
  }
  Body Read() const { return Body().Op(Op::StructGet, s, 0); }
  Body Get(uint32_t local) const { return Body().Op(Op::LocalGet, local); }
  void Run(const Types& locals, const Body& code) { module.Define(to_i32, locals, code, "run"); }
};

struct Holder {
  const char* name;
  ModuleBuilder (*make)();
  const char* expected;
  const char* again = expected;  // of a second call
};

ModuleBuilder OperandStack() {
  Shapes shapes;
  shapes.Run({}, shapes.New(42).Append(shapes.Churn()).Append(shapes.Read()));
  return shapes.module;
}

ModuleBuilder LowerFrames() {
  // f(n, o): n == 0 collects, else f(n - 1, fresh n); every frame reads its own o behind the call.
  Shapes shapes;
  const wasm::TypeIdx type = shapes.module.Func({ValType::I32, shapes.ref}, {ValType::I32});
  Body code;
  code.Append(shapes.Get(0)).Op(Op::I32Eqz).If(ValType::I32).Append(shapes.Churn()).I32(0);
  code.Else().Append(shapes.Get(0)).I32(1).Op(Op::I32Sub);
  code.Append(shapes.Get(0)).Op(Op::StructNew, shapes.s).Op(Op::Call, 1).End();
  code.Append(shapes.Get(1)).Append(shapes.Read()).Op(Op::I32Add);
  shapes.module.Define(type, {}, code);
  shapes.Run({}, Body().I32(10).Append(shapes.New(100)).Op(Op::Call, 1));
  return shapes.module;
}

ModuleBuilder LoopParameter() {
  Shapes shapes;
  const wasm::TypeIdx type = shapes.module.Func({shapes.ref}, {ValType::I32});
  Body code;
  code.Append(shapes.New(0)).Loop(wasm::BlockType::Index(type)).Op(Op::LocalSet, 1);
  code.Append(shapes.Churn()).Append(shapes.Get(1)).Append(shapes.Read()).I32(1).Op(Op::I32Add);
  code.Op(Op::LocalTee, 0).Op(Op::StructNew, shapes.s).Append(shapes.Get(0)).I32(20);
  code.Op(Op::I32LtS).Op(Op::BrIf, 0).Append(shapes.Read()).End();
  shapes.Run({ValType::I32, shapes.ref}, code);
  return shapes.module;
}

ModuleBuilder BackEdge() {
  // The local is set before the loop; its last use in the body comes before the collection.
  Shapes shapes;
  Body code;
  code.Append(shapes.New(5)).Op(Op::LocalSet, 0).Loop();
  code.Append(shapes.Get(1)).Append(shapes.Get(0)).Append(shapes.Read()).Op(Op::I32Add);
  code.Op(Op::LocalSet, 1).Append(shapes.Churn());
  code.Append(shapes.Get(1)).I32(50).Op(Op::I32LtS).Op(Op::BrIf, 0).End().Append(shapes.Get(1));
  shapes.Run({shapes.ref, ValType::I32}, code);
  return shapes.module;
}

ModuleBuilder FixedArrayOperands() {
  Shapes shapes;
  Body code;
  for (int32_t i = 1; i <= 3; ++i) code.Append(shapes.New(i));
  code.Op(Op::ArrayNewFixed, shapes.refs, 3).Op(Op::LocalSet, 0).Append(shapes.Churn()).I32(0);
  for (int32_t i = 0; i < 3; ++i) {
    code.I32(10).Op(Op::I32Mul);
    code.Append(shapes.Get(0)).I32(i).Op(Op::ArrayGet, shapes.refs).Append(shapes.Read());
    code.Op(Op::I32Add);
  }
  shapes.Run({shapes.refs_ref}, code);
  return shapes.module;
}

ModuleBuilder ArrayTail() {
  Shapes shapes;
  Body code;
  code.Append(shapes.New(9)).I32(40).Op(Op::ArrayNew, shapes.refs).Op(Op::LocalTee, 0);
  code.I32(39).Append(shapes.New(33)).Op(Op::ArraySet, shapes.refs).Append(shapes.Churn());
  code.Append(shapes.Get(0)).I32(39).Op(Op::ArrayGet, shapes.refs).Append(shapes.Read());
  code.Append(shapes.Get(0)).I32(38).Op(Op::ArrayGet, shapes.refs).Append(shapes.Read());
  shapes.Run({shapes.refs_ref}, code.Op(Op::I32Add));
  return shapes.module;
}

ModuleBuilder CopiedAndFilledElements() {
  Shapes shapes;
  Body code;
  code.Append(shapes.New(1)).Append(shapes.New(2)).Append(shapes.New(3)).Append(shapes.New(4));
  code.Op(Op::ArrayNewFixed, shapes.refs, 4).Op(Op::LocalTee, 0).I32(1);
  code.Append(shapes.Get(0)).I32(0).I32(3).Op(Op::ArrayCopy, shapes.refs, shapes.refs);
  code.Append(shapes.Get(0)).I32(0).Append(shapes.New(8)).I32(1).Op(Op::ArrayFill, shapes.refs);
  code.Append(shapes.Churn()).I32(0);
  for (int32_t i = 0; i < 4; ++i) {
    code.I32(10).Op(Op::I32Mul);
    code.Append(shapes.Get(0)).I32(i).Op(Op::ArrayGet, shapes.refs).Append(shapes.Read());
    code.Op(Op::I32Add);
  }
  shapes.Run({shapes.refs_ref}, code);
  return shapes.module;
}

ModuleBuilder TailCallArguments() {
  Shapes shapes;
  const wasm::TypeIdx two = shapes.module.Func({shapes.ref, shapes.ref}, {ValType::I32});
  Body callee;
  callee.Append(shapes.Churn()).Append(shapes.Get(0)).Append(shapes.Read()).I32(10).Op(Op::I32Mul);
  callee.Append(shapes.Get(1)).Append(shapes.Read()).Op(Op::I32Add);
  shapes.module.Define(two, {}, callee);
  shapes.Run({}, shapes.New(4).Append(shapes.New(2)).Op(Op::ReturnCall, 1));
  return shapes.module;
}

ModuleBuilder ExceptionPayload() {
  Shapes shapes;
  const ValType exn = ValType::Ref(wasm::AbstractHeap::Exn, false);
  const uint32_t tag = shapes.module.Tag(shapes.module.Func({shapes.ref, ValType::I32}));
  const wasm::TypeIdx caught = shapes.module.Func({}, {shapes.ref, ValType::I32});
  shapes.module.Define(shapes.nothing, {}, shapes.New(40).I32(2).Op(Op::Throw, tag));
  Body code;
  code.Block(wasm::BlockType::Index(caught)).TryTable({}, {{CatchKind::Catch, tag, 0}});
  code.Block(exn).TryTable({}, {{CatchKind::CatchAllRef, 0, 0}}).Op(Op::Call, 1).End();
  code.Op(Op::Unreachable).End().Append(shapes.Churn()).Op(Op::ThrowRef).End();
  code.Op(Op::Unreachable).End().Op(Op::LocalSet, 0).Append(shapes.Churn());
  shapes.Run({ValType::I32}, code.Append(shapes.Read()).Append(shapes.Get(0)).Op(Op::I32Add));
  return shapes.module;
}

ModuleBuilder CalleesHandlers() {
  // The local is needed only where the callee's exception lands.
  Shapes shapes;
  const uint32_t tag = shapes.module.Tag(shapes.nothing);
  shapes.module.Define(shapes.nothing, {}, shapes.Churn().Op(Op::Throw, tag));
  Body code;
  code.Append(shapes.New(42)).Op(Op::LocalSet, 0);
  code.Block().TryTable({}, {{CatchKind::CatchAll, 0, 0}}).Op(Op::Call, 1).End();
  code.I32(0).Op(Op::Return).End().Append(shapes.Get(0)).Append(shapes.Read());
  shapes.Run({shapes.ref}, code);
  return shapes.module;
}

ModuleBuilder Globals() {
  Shapes shapes;
  shapes.module.Global(shapes.ref, true, shapes.New(1), "initial");
  shapes.module.Global(shapes.ref, true, Body().Heap(Op::RefNull, wasm::HeapType::Index(shapes.s)));
  shapes.module.Global(shapes.refs_ref, false,
                       shapes.New(3).Append(shapes.New(4)).Op(Op::ArrayNewFixed, shapes.refs, 2));
  Body code;
  code.Append(shapes.New(20)).Op(Op::GlobalSet, 1).Append(shapes.Churn());
  code.Op(Op::GlobalGet, 0).Append(shapes.Read()).Op(Op::GlobalGet, 1).Append(shapes.Read());
  code.Op(Op::I32Add).Op(Op::GlobalGet, 2).I32(1).Op(Op::ArrayGet, shapes.refs);
  shapes.Run({}, code.Append(shapes.Read()).Op(Op::I32Add));
  return shapes.module;
}

ModuleBuilder Tables() {
  Shapes shapes;
  shapes.module.Table(shapes.ref, {2, {}, false}, shapes.New(7));
  Body code;
  code.Append(shapes.New(30)).I32(2).Op(Op::TableGrow, 0).Op(Op::Drop).Append(shapes.Churn());
  code.I32(1).Append(shapes.New(500)).I32(1).Op(Op::TableFill, 0).Append(shapes.Churn()).I32(0);
  for (int32_t i : {0, 1, 3}) {
    code.I32(i).Op(Op::TableGet, 0).Append(shapes.Read()).Op(Op::I32Add);
  }
  shapes.Run({}, code);
  return shapes.module;
}

ModuleBuilder Segments() {
  // Read out of a passive segment before and after it was dropped.
  Shapes shapes;
  shapes.module.Table(shapes.ref, {2, {}, false});
  shapes.module.ElemAt(0, Body().I32(0), shapes.ref, {shapes.New(1)});
  const uint32_t passive = shapes.module.Elem(shapes.ref, {shapes.New(20), shapes.New(300)});
  Body code;
  code.Append(shapes.Churn()).I32(0).I32(2).Op(Op::ArrayNewElem, shapes.refs, passive);
  code.Op(Op::LocalSet, 0).Append(shapes.Churn());
  code.I32(1).I32(0).I32(1).Op(Op::TableInit, passive, 0).Op(Op::ElemDrop, passive);
  code.Append(shapes.Churn()).I32(0).Op(Op::TableGet, 0).Append(shapes.Read());
  code.I32(1).Op(Op::TableGet, 0).Append(shapes.Read()).Op(Op::I32Add);
  code.Append(shapes.Get(0)).I32(1).Op(Op::ArrayGet, shapes.refs).Append(shapes.Read());
  shapes.Run({shapes.refs_ref}, code.Op(Op::I32Add));
  return shapes.module;
}

ModuleBuilder BranchesThatCarryValues() {
  Shapes shapes;
  const ValType any = ValType::Ref(wasm::AbstractHeap::Any, true);
  Body code;
  code.Block(any).Append(shapes.New(8)).I32(1).BrTable({0, 0}, 0).End().Append(shapes.Churn());
  code.Op(Op::LocalSet, 0);
  code.Block(shapes.ref).Append(shapes.Get(0)).BrOnCast(Op::BrOnCast, 0, any, shapes.ref);
  code.Op(Op::Unreachable).End().Append(shapes.Churn()).Append(shapes.Read());
  code.Append(shapes.New(4)).Append(shapes.New(5)).Append(shapes.Churn()).I32(0);
  code.SelectTyped({shapes.ref}).Append(shapes.Churn()).Append(shapes.Read()).Op(Op::I32Add);
  shapes.Run({any}, code);
  return shapes.module;
}

ModuleBuilder SeveralResults() {
  Shapes shapes;
  const wasm::TypeIdx pair = shapes.module.Func({}, {shapes.ref, ValType::I32, shapes.ref});
  shapes.module.Define(pair, {}, shapes.New(4).I32(100).Append(shapes.New(2)));
  Body code;
  code.Op(Op::Call, 1).Append(shapes.Churn()).Append(shapes.Read()).Op(Op::LocalSet, 0);
  code.Op(Op::LocalSet, 1).Append(shapes.Churn()).Append(shapes.Read()).I32(10).Op(Op::I32Mul);
  shapes.Run({ValType::I32, ValType::I32}, code.Append(shapes.Get(0)).Op(Op::I32Add));
  return shapes.module;
}

ModuleBuilder LongList() {
  // 3,000 cells, each behind the one before: marking follows them without native recursion.
  ModuleBuilder module;
  const wasm::TypeIdx nothing = module.Func({});
  const wasm::TypeIdx cell = 1;
  const ValType ref = ValType::Ref(wasm::HeapType::Index(cell), true);
  module.Rec({{true, {}, wasm::StructType{{{ValType::I32, false}, {ref, false}}}}});
  module.Import(wasm::FuncRef{nothing});
  Body code;
  code.Loop().Op(Op::LocalGet, 0).Op(Op::LocalGet, 1).Op(Op::StructNew, cell).Op(Op::LocalSet, 1);
  code.Op(Op::LocalGet, 0).I32(1).Op(Op::I32Add).Op(Op::LocalTee, 0).I32(3000).Op(Op::I32LtS);
  code.Op(Op::BrIf, 0).End().Op(Op::Call, 0).I32(0).Op(Op::LocalSet, 0);
  code.Loop().Op(Op::LocalGet, 0).Op(Op::LocalGet, 1).Op(Op::StructGet, cell, 0).Op(Op::I32Add);
  code.Op(Op::LocalSet, 0).Op(Op::LocalGet, 1).Op(Op::StructGet, cell, 1).Op(Op::LocalTee, 1);
  code.Op(Op::RefIsNull).Op(Op::I32Eqz).Op(Op::BrIf, 0).End().Op(Op::LocalGet, 0);
  module.Define(module.Func({}, {ValType::I32}), {ValType::I32, ref}, code, "run");
  return module;
}

constexpr Holder kHolders[] = {
    {"OperandStack", OperandStack, "42"},
    {"LowerFrames", LowerFrames, "155"},
    {"LoopParameter", LoopParameter, "20"},
    {"BackEdge", BackEdge, "50"},
    {"FixedArrayOperands", FixedArrayOperands, "123"},
    {"ArrayTail", ArrayTail, "42"},
    {"CopiedAndFilledElements", CopiedAndFilledElements, "8123"},
    {"TailCallArguments", TailCallArguments, "42"},
    {"ExceptionPayload", ExceptionPayload, "42"},
    {"CalleesHandlers", CalleesHandlers, "42"},
    {"Globals", Globals, "25"},
    {"Tables", Tables, "537"},
    {"Segments", Segments, "321", "trap TableOutOfBounds"},
    {"BranchesThatCarryValues", BranchesThatCarryValues, "13"},
    {"SeveralResults", SeveralResults, "42"},
    {"LongList", LongList, "4498500"},
};

constexpr gc::CollectorKind kCollectors[] = {
#define SLABHOUND_COLLECTOR(name, ...) gc::CollectorKind::name,
#include "gc/collectors.def"
};

class Collections : public testing::TestWithParam<Holder> {};

TEST_P(Collections, ChangeNothing) {
  const ModuleBuilder module = GetParam().make();
  for (const gc::CollectorKind collector : kCollectors) {
    for (const char* schedule : {"never", "explicit", "explicit-full", "every-7",
                                 "every-allocation-minor", "every-safepoint", "random-1"}) {
      SCOPED_TRACE(fmt::format("{} {}", gc::CollectorName(collector), schedule));
      // Fewer collections of long lists; those of a few objects come at every point.
      Rig rig({.collector = collector,
               .schedule = *gc::ParseSchedule(schedule),
               .cost_per_point = 256});
      rig.Instantiate(module, {rig.Gc()});
      EXPECT_EQ(Text(rig.Call("run")), GetParam().expected);
      EXPECT_EQ(Text(rig.Call("run")), GetParam().again);
      EXPECT_TRUE(rig.machine().CollectGarbage().has_value());
      EXPECT_TRUE(rig.machine().TakeCensus().has_value());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Holders, Collections, testing::ValuesIn(kHolders),
                         [](const auto& param) { return std::string(param.param.name); });

constexpr Config kZeal{.schedule = {gc::Schedule::Kind::EverySafepoint}};

TEST(Handles, KeepWhatAHostFunctionHolds) {
  Shapes shapes;
  const uint32_t host =
      shapes.module.Import(wasm::FuncRef{shapes.module.Func({shapes.ref}, {shapes.ref})});
  shapes.Run({}, shapes.New(42).Op(Op::Call, host).Append(shapes.Churn()).Append(shapes.Read()));
  Rig rig(kZeal);
  const valid::ValidModule valid = rig.Valid(shapes.module);
  const wasm::TypeId type = valid.functions[host];
  const uint32_t address = rig.machine().AddHostFunction(
      type,
      [](machine::Machine& machine, std::span<const machine::Value> arguments) -> machine::Outcome {
        const machine::Value held = arguments[0];
        const auto collected = machine.CollectGarbage();
        if (!collected) return collected.error();
        return machine::Returned{{held}};
      });
  rig.Instantiate(shapes.module, {rig.Gc(), {wasm::ExternKind::Func, address}});
  EXPECT_EQ(Text(rig.Call("run")), "42");
}

TEST(Handles, OfResultsOutliveCollectionsUntilReleased) {
  Shapes shapes;
  shapes.module.Define(shapes.module.Func({}, {shapes.ref}), {}, shapes.New(42), "make");
  Rig rig(kZeal);
  rig.Instantiate(shapes.module, {rig.Gc()});
  const size_t mark = rig.machine().HandleMark();
  const machine::Outcome first = rig.Call("make"), second = rig.Call("make");
  ASSERT_TRUE(rig.machine().CollectGarbage().has_value());
  const machine::Ref one = std::get<machine::Returned>(first).values[0].ref;
  const machine::Ref other = std::get<machine::Returned>(second).values[0].ref;
  EXPECT_EQ(rig.machine().ReadField(one, 0)->bits, 42);
  EXPECT_NE(rig.machine().Identity(one), rig.machine().Identity(other));
  rig.machine().ReleaseHandles(mark);
  EXPECT_TRUE(rig.machine().CollectGarbage().has_value());
}

TEST(Heaps, ChangeNothingHoweverTheyBeginAndReuseSlots) {
  for (const gc::CollectorKind collector : kCollectors) {
    for (const char* words : {"fifo", "quarantine", "nearly-full", "fragmented"}) {
      SCOPED_TRACE(fmt::format("{} {}", gc::CollectorName(collector), words));
      heap::Settings settings{.verification = heap::Verification::Mutations};
      ASSERT_TRUE(heap::TakeSetting(words, settings));
      Rig rig({.collector = collector,
               .schedule = *gc::ParseSchedule("every-allocation"),
               .settings = settings});
      rig.Instantiate(ExceptionPayload(), {rig.Gc()});
      EXPECT_EQ(Text(rig.Call("run")), "42");
      EXPECT_TRUE(rig.machine().CollectGarbage().has_value());
    }
  }
}

TEST(Heaps, AreReusedInsteadOfGrowing) {
  // 200,000 objects of 16 bytes through a heap of 1 MB, without an explicit collection.
  Shapes shapes;
  Body code;
  code.Loop().Append(shapes.New(1)).Op(Op::Drop).Op(Op::LocalGet, 0).I32(1).Op(Op::I32Add);
  code.Op(Op::LocalTee, 0).I32(200'000).Op(Op::I32LtS).Op(Op::BrIf, 0).End();
  shapes.Run({ValType::I32}, code.Op(Op::LocalGet, 0));
  machine::Limits limits;
  limits.heap_bytes_max = 1u << 20;
  limits.fuel = 1'000'000;
  Rig collecting({}, limits);
  collecting.Instantiate(shapes.module, {collecting.Gc()});
  EXPECT_EQ(Text(collecting.Call("run")), "200000");
  // Points that pass without a collection do not keep a full heap from being collected.
  Rig thinned({.schedule = {gc::Schedule::Kind::EveryNth, 1}, .cost_per_point = 1}, limits);
  thinned.Instantiate(shapes.module, {thinned.Gc()});
  EXPECT_EQ(Text(thinned.Call("run")), "200000");
  Rig never({.schedule = {gc::Schedule::Kind::Never}}, limits);
  never.Instantiate(shapes.module, {never.Gc()});
  EXPECT_EQ(Text(never.Call("run")), "exhausted heap");
  Rig null({.collector = gc::CollectorKind::Null, .schedule = {}}, limits);
  null.Instantiate(shapes.module, {null.Gc()});
  EXPECT_EQ(Text(null.Call("run")), "exhausted heap");
}

}  // namespace
}  // namespace slabhound::exec
