// Goal: exceptions find their handlers, across frames and hosts, and those that do not come out.
#include "oracle/fixture.h"

namespace slabhound::oracle {
namespace {

using wasm::CatchKind;
using wasm::Code;
using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;

const ValType kExn = ValType::Ref(wasm::AbstractHeap::Exn, true);

TEST(Exceptions, AreCaughtByTagAcrossFrames) {
  ModuleBuilder module;
  const uint32_t payload = module.Func({ValType::I32}), nothing = module.Func({});
  const uint32_t tag = module.Tag(payload), other = module.Tag(payload);
  const uint32_t throws = module.Define(nothing, {}, Code().I32(42).Op(Op::Throw, tag));
  const uint32_t passes = module.Define(nothing, {ValType::I64}, Code().Op(Op::Call, throws));
  Code code;
  code.Block(ValType::I32).Block(ValType::I32);
  code.TryTable({}, {{CatchKind::Catch, other, 1}, {CatchKind::Catch, tag, 0}});
  code.Op(Op::Call, passes).End();
  code.I32(1).Op(Op::Br, 1).End();
  code.I32(100).Op(Op::I32Add).End();
  module.Define(module.Func({}, {ValType::I32}), {}, code, "caught");
  Rig rig;
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("caught")), "142");
}

TEST(Exceptions, UncaughtOnesComeOutWithTheirPayload) {
  ModuleBuilder module;
  const uint32_t tag = module.Tag(module.Func({ValType::I32, ValType::F64}), "tag");
  module.Define(module.Func({}), {}, Code().I32(42).F64(1.5).Op(Op::Throw, tag), "throw");
  Rig rig;
  rig.Instantiate(module);
  const machine::Outcome outcome = rig.Call("throw");
  ASSERT_EQ(Text(outcome), "thrown");
  const machine::Ref exception = std::get<machine::Thrown>(outcome).exception;
  const auto info = rig.machine().Inspect(exception);
  EXPECT_EQ(info->kind, machine::RefKind::Exn);
  EXPECT_EQ(info->tag, rig.Export("tag"));
  EXPECT_EQ(info->field_count, 2);
  EXPECT_EQ(rig.machine().ReadField(exception, 0)->bits, 42);
  EXPECT_EQ(rig.machine().ReadField(exception, 1)->bits, std::bit_cast<uint64_t>(1.5));
  EXPECT_EQ(rig.machine().ReadField(exception, 1)->type, ValType::F64);
}

TEST(Exceptions, ThoseOfHostFunctionsAreCaughtAndKeepTheirIdentity) {
  ModuleBuilder module;
  const uint32_t nothing = module.Func({});
  const uint32_t host = module.Import(wasm::FuncRef{nothing});
  Code code;
  code.Block(kExn.WithNullable(false)).TryTable({}, {{CatchKind::CatchAllRef, 0, 0}});
  code.Op(Op::Call, host).End().Op(Op::Unreachable).End();
  module.Define(module.Func({}, {kExn}), {}, code, "catch");
  module.Define(nothing, {}, Code().Op(Op::ReturnCall, host), "pass");
  Rig rig;
  const machine::TagAddr tag = rig.machine().AddTag(rig.FuncType({}, {}));
  const machine::Ref exception = *rig.machine().NewException(tag, {});
  const uint32_t address = rig.machine().AddHostFunction(
      rig.FuncType({}, {}), [&](machine::Machine&, auto) { return machine::Thrown{exception}; });
  rig.Instantiate(module, {{wasm::ExternKind::Func, address}});
  const machine::Outcome caught = rig.Call("catch");
  ASSERT_EQ(Text(caught), "exn");
  const machine::Ref again = std::get<machine::Returned>(caught).values[0].ref;
  EXPECT_EQ(rig.machine().Identity(again), rig.machine().Identity(exception));
  EXPECT_EQ(Text(rig.Call("pass")), "thrown");
  EXPECT_EQ(Text(rig.machine().Call(address, {})), "thrown");
}

TEST(Exceptions, TrapsAndExhaustionAreNotCaught) {
  ModuleBuilder module;
  const uint32_t nothing = module.Func({});
  const auto define = [&](const Code& body, std::string_view name) {
    Code code;
    code.TryTable({}, {{CatchKind::CatchAll, 0, 0}}).Append(body).End();
    module.Define(nothing, {}, code, name);
  };
  define(Code().Loop().Op(Op::Br, 0).End(), "loop");
  define(Code().Op(Op::Unreachable), "trap");
  Rig rig;
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("trap")), "trap Unreachable");
  EXPECT_EQ(Text(rig.Call("loop")), "exhausted fuel");
}

TEST(Exceptions, ACatchClauseThatLeadsToALoopIsAnArrival) {
  ModuleBuilder module;
  const uint32_t nothing = module.Func({});
  const uint32_t tag = module.Tag(nothing);
  Code code;
  code.Loop().TryTable({}, {{CatchKind::CatchAll, 0, 0}}).Op(Op::Throw, tag).End().End();
  module.Define(nothing, {}, code, "again");
  machine::Limits limits;
  limits.fuel = 1000;
  Rig rig(limits);
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("again")), "exhausted fuel");
}

TEST(Exceptions, ThrowingNullTraps) {
  ModuleBuilder module;
  module.Define(module.Func({}), {},
                Code().Heap(Op::RefNull, wasm::AbstractHeap::Exn).Op(Op::ThrowRef), "throw");
  Rig rig;
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("throw")), "trap NullExceptionReference");
}

}  // namespace
}  // namespace slabhound::oracle
