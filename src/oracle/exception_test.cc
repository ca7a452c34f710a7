// Goal: exceptions find their handlers, across frames and hosts, and those that do not come out.
#include "oracle/fixture.h"

namespace slabhound::oracle {
namespace {

using wasm::CatchClause;
using wasm::CatchKind;
using wasm::ValType;
using Op = wasm::Opcode;

const ValType kExn = ValType::Ref(wasm::AbstractHeap::Exn, true);

// A function () -> i32 whose body is one block with results that a try_table around `inner` leaves
// by `clause`; `inner` leaves an i32.
struct Catching {
  Code code;
  std::vector<CatchClause> catches;
};

uint32_t AddCatching(Assembly& module, uint32_t type, Catching catching, std::string_view name) {
  const uint32_t index = module.AddFunction(type, {}, std::move(catching.code), name);
  module.module.functions.back().body.catches = std::move(catching.catches);
  return index;
}

TEST(Exceptions, AreCaughtByTagAcrossFrames) {
  Assembly module;
  const uint32_t to_i32 = module.AddFuncType({}, {ValType::I32});
  const uint32_t nothing = module.AddFuncType({}, {});
  const uint32_t payload = module.AddFuncType({ValType::I32}, {});
  const uint32_t tag = module.AddTag(payload), other = module.AddTag(payload);
  const uint32_t throws = module.AddFunction(nothing, {}, {Const(42), In(Op::Throw, tag)});
  const uint32_t passes = module.AddFunction(nothing, {ValType::I64}, {In(Op::Call, throws)});
  AddCatching(module, to_i32,
              {{Open(Op::Block, ValType::I32), Open(Op::Block, ValType::I32),
                In(Op::TryTable, wasm::BlockType().bits(), 0, 2), In(Op::Call, passes), End(),
                Const(1), In(Op::Br, 1), End(), Const(100), In(Op::I32Add), End()},
               {{CatchKind::Catch, other, 1}, {CatchKind::Catch, tag, 0}}},
              "caught");
  Rig rig;
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("caught")), "142");
}

TEST(Exceptions, UncaughtOnesComeOutWithTheirPayload) {
  Assembly module;
  const uint32_t nothing = module.AddFuncType({}, {});
  const uint32_t tag = module.AddTag(module.AddFuncType({ValType::I32, ValType::F64}, {}));
  module.AddFunction(nothing, {}, {Const(42), In(Op::F64Const, 0, 0, 7), In(Op::Throw, tag)},
                     "throw");
  module.AddExport("tag", wasm::ExternKind::Tag, tag);
  Rig rig;
  rig.Instantiate(module);
  const embed::Outcome outcome = rig.Call("throw");
  ASSERT_EQ(Text(outcome), "thrown");
  const embed::Ref exception = std::get<embed::Thrown>(outcome).exception;
  const auto info = rig.machine().Inspect(exception);
  EXPECT_EQ(info->kind, embed::RefKind::Exn);
  EXPECT_EQ(info->tag, rig.Export("tag"));
  EXPECT_EQ(info->field_count, 2);
  EXPECT_EQ(rig.machine().ReadField(exception, 0)->bits, 42);
  EXPECT_EQ(rig.machine().ReadField(exception, 1)->bits, 7);
  EXPECT_EQ(rig.machine().ReadField(exception, 1)->type, ValType::F64);
}

TEST(Exceptions, ThoseOfHostFunctionsAreCaughtAndKeepTheirIdentity) {
  Assembly module;
  const uint32_t nothing = module.AddFuncType({}, {});
  const uint32_t to_exn = module.AddFuncType({}, {kExn});
  const uint32_t host = module.AddImport(wasm::FuncRef{nothing});
  AddCatching(
      module, to_exn,
      {{Open(Op::Block, kExn.WithNullable(false)), In(Op::TryTable, wasm::BlockType().bits(), 0, 1),
        In(Op::Call, host), End(), In(Op::Unreachable), End()},
       {{CatchKind::CatchAllRef, 0, 0}}},
      "catch");
  module.AddFunction(nothing, {}, {In(Op::ReturnCall, host)}, "pass");
  Rig rig;
  const embed::TagAddr tag = rig.machine().AddTag(rig.FuncType({}, {}));
  const embed::Ref exception = *rig.machine().NewException(tag, {});
  const uint32_t address = rig.machine().AddHostFunction(
      rig.FuncType({}, {}), [&](embed::Machine&, auto) { return embed::Thrown{exception}; });
  rig.Instantiate(module, {{wasm::ExternKind::Func, address}});
  const embed::Outcome caught = rig.Call("catch");
  ASSERT_EQ(Text(caught), "exn");
  const embed::Ref again = std::get<embed::Returned>(caught).values[0].ref;
  EXPECT_EQ(rig.machine().Identity(again), rig.machine().Identity(exception));
  EXPECT_EQ(Text(rig.Call("pass")), "thrown");
  EXPECT_EQ(Text(rig.machine().Call(address, {})), "thrown");
}

TEST(Exceptions, TrapsAndExhaustionAreNotCaught) {
  Assembly module;
  const uint32_t nothing = module.AddFuncType({}, {});
  const Code forever = {Open(Op::Loop), In(Op::Br, 0), End()};
  for (const auto& [name, body] :
       {std::pair<std::string_view, Code>{"loop", forever}, {"trap", {In(Op::Unreachable)}}}) {
    Code code = {In(Op::TryTable, wasm::BlockType().bits(), 0, 1)};
    code.insert(code.end(), body.begin(), body.end());
    code.push_back(End());
    AddCatching(module, nothing, {code, {{CatchKind::CatchAll, 0, 0}}}, name);
  }
  Rig rig;
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("trap")), "trap Unreachable");
  EXPECT_EQ(Text(rig.Call("loop")), "exhausted fuel");
}

TEST(Exceptions, ACatchClauseThatLeadsToALoopIsAnArrival) {
  Assembly module;
  const uint32_t nothing = module.AddFuncType({}, {});
  const uint32_t tag = module.AddTag(nothing);
  AddCatching(module, nothing,
              {{Open(Op::Loop), In(Op::TryTable, wasm::BlockType().bits(), 0, 1),
                In(Op::Throw, tag), End(), End()},
               {{CatchKind::CatchAll, 0, 0}}},
              "again");
  embed::Limits limits;
  limits.fuel = 1000;
  Rig rig(limits);
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("again")), "exhausted fuel");
}

TEST(Exceptions, ThrowingNullTraps) {
  Assembly module;
  module.AddFunction(
      module.AddFuncType({}, {}), {},
      {In(Op::RefNull, wasm::HeapType(wasm::AbstractHeap::Exn).code()), In(Op::ThrowRef)}, "throw");
  Rig rig;
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("throw")), "trap NullExceptionReference");
}

}  // namespace
}  // namespace slabhound::oracle
