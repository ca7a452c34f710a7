// Goal: no function takes more time or memory to compile than the budget grants.
// Method: functions of one megabyte at most whose cost would be quadratic or worse, each with a
// fresh budget. They compile in linear steps, or not at all; an honest one compiles.
#include "bytecode/budget.h"

#include <gmock/gmock.h>

#include "bytecode/fixture.h"

namespace slabhound::bytecode {
namespace {

using wasm::CatchKind;
using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;
using Body = wasm::Code;

const ValType kAny = ValType::Ref(wasm::AbstractHeap::Any, true);

// Whether the budget covers this function; the module may hold others before it.
bool Covers(ModuleBuilder module, Types locals, const Body& code) {
  module.Define(module.Func({}), std::move(locals), code);
  return TryCompile(module, module.module().functions.size() - 1).has_value();
}

TEST(CompileBudget, IsSpentOnce) {
  CompileBudget budget(10);
  EXPECT_TRUE(budget.Spend(10));
  EXPECT_FALSE(budget.is_spent());
  EXPECT_FALSE(budget.Spend(1));
  EXPECT_TRUE(budget.is_spent());
  EXPECT_FALSE(budget.Spend(0));
}

TEST(CompileBudget, CoversManyHandlersAroundManyCalls) {
  // 50,000 calls, each of which may throw to 9,000 try_tables whose handlers need a reference.
  ModuleBuilder module;
  const uint32_t callee = module.Define(module.Func({}), {}, {});
  Body code;
  code.Block();
  for (uint32_t i = 0; i < 9'000; ++i) code.TryTable({}, {{CatchKind::CatchAll, 0, i}});
  for (int i = 0; i < 50'000; ++i) code.Op(Op::Call, callee);
  for (int i = 0; i < 9'000; ++i) code.End();
  code.End().Op(Op::LocalGet, 0).Op(Op::Drop).Op(Op::LocalGet, 0).Op(Op::RefIsNull).Op(Op::Drop);
  EXPECT_TRUE(Covers(module, {kAny}, code));
}

TEST(CompileBudget, DoesNotCoverManyReferencesLiveThroughManyLoops) {
  Body code;
  for (int i = 0; i < 9'000; ++i) code.Loop();
  for (uint32_t i = 0; i < 40'000; ++i) code.Op(Op::LocalGet, i).Op(Op::RefIsNull).Op(Op::Drop);
  for (int i = 0; i < 9'000; ++i) code.I32(0).Op(Op::BrIf, 0).End();
  EXPECT_FALSE(Covers({}, Types(40'000, kAny), code));
}

TEST(CompileBudget, DoesNotCoverLongMapsOfManySafepoints) {
  ModuleBuilder module;
  const uint32_t callee = module.Define(module.Func({}), {}, {});
  Body code;
  for (uint32_t i = 0; i < 40'000; ++i) {
    code.Op(Op::Call, callee).Op(Op::LocalGet, i).Op(Op::RefIsNull).Op(Op::Drop);
  }
  EXPECT_FALSE(Covers(module, Types(40'000, kAny), code));
}

TEST(CompileBudget, DoesNotCoverManyTargetsWithManyValues) {
  ModuleBuilder module;
  const auto block = wasm::BlockType::Index(module.Func({}, Types(1'000, ValType::I32)));
  Body code;
  code.Block(block).Block(block);
  for (int i = 0; i < 1'001; ++i) code.I32(i);
  code.BrTable(std::vector<uint32_t>(60'000, 1), 0).End().End();
  for (int i = 0; i < 1'000; ++i) code.Op(Op::Drop);
  EXPECT_FALSE(Covers(module, {}, code));
}

TEST(CompileBudget, DoesNotCoverManyCopiesOfAHighStack) {
  Body code;
  for (int i = 0; i < 100'000; ++i) code.I32(i);
  for (int i = 0; i < 100'000; ++i) code.Op(Op::LocalGet, 0).Op(Op::BrIf, 0);
  code.Op(Op::Unreachable);
  EXPECT_FALSE(Covers({}, {ValType::I32}, code));
}

TEST(CompileBudget, CoversAMegabyteOfPlainCode) {
  Body code;
  for (int i = 0; i < 200'000; ++i) {
    code.Op(Op::LocalGet, 0).Op(Op::LocalGet, 1).Op(Op::I32Add).Op(Op::LocalSet, 0);
  }
  EXPECT_TRUE(Covers({}, {ValType::I32, ValType::I32}, code));
}

}  // namespace
}  // namespace slabhound::bytecode
