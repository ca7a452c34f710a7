// Goal: the compiler reads locals and constants in place, and copies them only where it must.
// Method: the disassembly of small functions. n is a number or function reference, r a traced
// reference, = a definition, {…} a stack map.
#include "bytecode/fixture.h"
#include "machine/fixture.h"

namespace slabhound::bytecode {
namespace {

using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;
using Body = wasm::Code;

std::string CompiledText(Types params, Types results, Types locals, const Body& code) {
  ModuleBuilder module;
  module.Define(module.Func(std::move(params), std::move(results)), std::move(locals), code);
  return "\n" + Disassemble(Compile(module));
}

TEST(Translation, ReadsLocalsInPlace) {
  EXPECT_EQ(CompiledText({ValType::I32, ValType::I32}, {ValType::I32}, {},
                         Body().Op(Op::LocalGet, 0).Op(Op::LocalGet, 1).Op(Op::I32Add)),
            R"(
  0 Entry {}
  1 I32Add =n2 n0 n1
  2 ReturnValues n2
)");
}

TEST(Translation, CopiesAPendingReadBeforeItsLocalIsWritten) {
  EXPECT_EQ(
      CompiledText(
          {ValType::I32}, {ValType::I32}, {},
          Body().Op(Op::LocalGet, 0).I32(5).Op(Op::LocalSet, 0).Op(Op::LocalGet, 0).Op(Op::I32Sub)),
      R"(
  0 Entry {}
  1 Copy =n1 n0
  2 Constant =n0
  3 I32Sub =n1 n1 n0
  4 ReturnValues n1
)");
}

TEST(Translation, ATeeIsAReadOfItsLocal) {
  EXPECT_EQ(CompiledText({ValType::I32}, {ValType::I32}, {ValType::I32},
                         Body()
                             .Op(Op::LocalGet, 0)
                             .Op(Op::I32Eqz)
                             .Op(Op::LocalTee, 1)
                             .Op(Op::LocalGet, 1)
                             .Op(Op::I32Xor)),
            R"(
  0 Entry {}
  1 I32Eqz =n1 n0
  2 I32Xor =n2 n1 n1
  3 ReturnValues n2
)");
}

TEST(Translation, ValuesOfABranchMoveDownToTheLabel) {
  // block (result i32) 1 2 br 0 end: the 2 goes to where the block's result stands.
  EXPECT_EQ(CompiledText({ValType::I32}, {ValType::I32}, {},
                         Body()
                             .Block(ValType::I32)
                             .Op(Op::LocalGet, 0)
                             .Op(Op::I32Clz)
                             .Op(Op::LocalGet, 0)
                             .Op(Op::I32Ctz)
                             .Op(Op::Br, 0)
                             .End()),
            R"(
  0 Entry {}
  1 I32Clz =n1 n0
  2 I32Ctz =n2 n0
  3 Copy =n1 n2
  4 Jump -> 5
  5 ReturnValues n1
)");
}

TEST(Translation, ALoopJumpsToItsHeader) {
  EXPECT_EQ(CompiledText({ValType::I32}, {}, {}, machine::CountDown()), R"(
  0 Entry {}
  1 LoopHeader {}
  2 AddConstant =n0 n0
  3 BranchIf n0 -> 1
  4 ReturnValues
)");
}

// A block with one conditional branch out of it, behind which the parameter is returned as it is.
std::string BranchText(const Body& condition) {
  return CompiledText({ValType::I32}, {ValType::I32}, {},
                      Body()
                          .Block()
                          .Append(condition)
                          .Op(Op::BrIf, 0)
                          .Op(Op::Unreachable)
                          .End()
                          .Op(Op::LocalGet, 0));
}
std::string BranchesBy(std::string_view branch) {
  return "\n  0 Entry {}\n  1 " + std::string(branch) + " -> 3\n  2 Trap\n  3 ReturnValues n0\n";
}

TEST(Translation, AComparisonThatIsOnlyTestedBecomesTheBranch) {
  const Body x = Body().Op(Op::LocalGet, 0);
  EXPECT_EQ(BranchText(Body().Append(x).Append(x).Op(Op::I32LtU)), BranchesBy("BranchIfLtU n0 n0"));
  EXPECT_EQ(BranchText(Body().Append(x).I32(5).Op(Op::I32GeS)), BranchesBy("BranchIfGeSTo n0"));
  EXPECT_EQ(BranchText(Body().Append(x).I32(5).Op(Op::I32GtS)), BranchesBy("BranchIfGeSTo n0"));
  EXPECT_EQ(BranchText(Body().Append(x).I32(5).Op(Op::I32LeU)), BranchesBy("BranchIfLtUTo n0"));
  EXPECT_EQ(BranchText(Body().Append(x).I32(5).Op(Op::I32Eq).Op(Op::I32Eqz)),
            BranchesBy("BranchIfNeTo n0"));
  EXPECT_EQ(BranchText(Body().Append(x).Op(Op::I32Eqz)), BranchesBy("BranchIfZero n0"));
}

TEST(Translation, AComparisonStaysWhereAnotherWayMeetsIt) {
  // The condition is the block's result: on one way a comparison made it, on the other a constant.
  EXPECT_EQ(CompiledText({ValType::I32}, {}, {},
                         Body()
                             .Block()
                             .Block(ValType::I32)
                             .I32(1)
                             .Op(Op::LocalGet, 0)
                             .Op(Op::BrIf, 0)
                             .Op(Op::Drop)
                             .Op(Op::LocalGet, 0)
                             .Op(Op::I32Eqz)
                             .End()
                             .Op(Op::BrIf, 0)
                             .End()),
            R"(
  0 Entry {}
  1 Constant =n1
  2 BranchIf n0 -> 4
  3 I32Eqz =n1 n0
  4 BranchIf n1 -> 5
  5 ReturnValues
)");
}

TEST(Translation, LeavesUnreachableCodeOut) {
  EXPECT_EQ(CompiledText({}, {ValType::I32}, {},
                         Body()
                             .Op(Op::Unreachable)
                             .Op(Op::I64Add)
                             .Op(Op::I32WrapI64)
                             .Block(ValType::I32)
                             .I32(1)
                             .End()
                             .Op(Op::I32Add)
                             .Op(Op::I32Eqz)),
            R"(
  0 Entry {}
  1 Trap
)");
}

TEST(Translation, TellsReferencesFromNumbers) {
  const ValType any = ValType::Ref(wasm::AbstractHeap::Any, true);
  const ValType func = ValType::Ref(wasm::AbstractHeap::Func, true);
  EXPECT_EQ(CompiledText({any, func}, {any, func}, {any, func},
                         Body()
                             .Op(Op::LocalGet, 0)
                             .Op(Op::LocalSet, 2)
                             .Op(Op::LocalGet, 1)
                             .Op(Op::LocalSet, 3)
                             .Op(Op::LocalGet, 2)
                             .Op(Op::LocalGet, 3)),
            R"(
  0 Entry {0}
  1 CopyRef =r2 r0
  2 Copy =n3 n1
  3 ReturnValues r2 n3
)");
}

TEST(Translation, OfAConditionalBranchWithValuesMovesOnTheTakenWayOnly) {
  // The i64 lies between the label's place and its value, so the value must move when taken.
  EXPECT_EQ(CompiledText({ValType::I32, ValType::I64}, {ValType::I32}, {},
                         Body()
                             .Block(ValType::I32)
                             .Op(Op::LocalGet, 1)
                             .Op(Op::LocalGet, 0)
                             .Op(Op::LocalGet, 0)
                             .Op(Op::BrIf, 0)
                             .Op(Op::Drop)
                             .Op(Op::I32WrapI64)
                             .End()),
            R"(
  0 Entry {}
  1 BranchIfZero n0 -> 4
  2 Copy =n2 n0
  3 Jump -> 5
  4 I32WrapI64 =n2 n1
  5 ReturnValues n2
)");
}

}  // namespace
}  // namespace slabhound::bytecode
