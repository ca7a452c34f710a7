// Walks opcodes.def: each instruction is accepted in a minimal body that uses it rightly, and
// rejected in one that differs in a single point, with the expected code. Instructions with a
// signature get both bodies from it; each other one has a row below, and a missing row fails the
// test.
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "valid/valid_module.h"
#include "wasm/builder.h"

namespace slabhound::valid {
namespace {

using wasm::AbstractHeap;
using wasm::BlockType;
using wasm::CatchKind;
using wasm::Code;
using wasm::ErrorCode;
using wasm::HeapType;
using wasm::Opcode;
using wasm::ValType;

constexpr ValType I32 = ValType::I32, F32 = ValType::F32, F64 = ValType::F64;

ValType Null(HeapType heap) { return ValType::Ref(heap, true); }
ValType NonNull(HeapType heap) { return ValType::Ref(heap, false); }
ValType Null(uint32_t type) { return Null(HeapType::Index(type)); }

// What the bodies may use.
constexpr uint32_t kVoid = 0, kUnary = 1, kStruct = 2, kInts = 3, kBytes = 4, kFuncs = 5,
                   kNeedy = 6, kFixed = 7;
constexpr uint32_t kLocalInt = 0, kLocalRef = 1, kLocalUnset = 2;

wasm::ModuleBuilder Surroundings() {
  wasm::ModuleBuilder builder;
  builder.Func({}, {});
  builder.Func({I32}, {I32});
  builder.Struct({{I32, true}, {wasm::StorageType::I8, true}, {I32, false}});
  builder.Array({I32, true});
  builder.Array({wasm::StorageType::I8, true});
  builder.Array({Null(AbstractHeap::Func), true});
  builder.Struct({{NonNull(AbstractHeap::Any), true}});
  builder.Array({NonNull(AbstractHeap::Any), false});
  const uint32_t params = builder.Func({I32}, {});
  builder.Table(Null(AbstractHeap::Func), {.min = 1, .max = {}, .is_64 = false});
  builder.Memory({.min = 1, .max = {}, .is_64 = false});
  builder.Tag(params);
  builder.Global(I32, true, Code().I32(0));
  builder.Define(kVoid, {}, Code());
  builder.Define(kUnary, {}, Code().Op(Opcode::LocalGet, 0));
  builder.Functions({0, 1});
  builder.Elem(Null(AbstractHeap::Func), {});
  builder.Data("data");
  return builder;
}
constexpr uint32_t kElem = 1;  // the passive segment

Result<ValidModule, wasm::Error> Judge(const Code& code, std::vector<ValType> results = {}) {
  wasm::ModuleBuilder builder = Surroundings();
  const auto type = builder.Func({}, std::move(results));
  builder.Define(type, {I32, Null(kStruct), NonNull(HeapType::Index(kStruct))}, code);
  static wasm::TypeStore types;
  return Validate(std::make_shared<const wasm::Module>(builder.module()), types);
}

Code& PushLetter(Code& code, char letter) {
  switch (letter) {
    case 'I':
      return code.I64(0);
    case 'f':
      return code.F32(0);
    case 'F':
      return code.F64(0);
    case 'V':
      return code.Vector({});
    default:
      return code.I32(0);  // addresses too: memory 0 is a 32-bit one
  }
}

struct Row {
  Code valid, invalid;
  ErrorCode code = ErrorCode::TypeMismatch;
  std::vector<ValType> results = {};
};

Code In() { return Code(); }
Code Struct() { return Code().Op(Opcode::StructNewDefault, kStruct); }
Code Ints() { return Code().I32(3).Op(Opcode::ArrayNewDefault, kInts); }
Code NewBytes() { return Code().I32(3).Op(Opcode::ArrayNewDefault, kBytes); }
Code NewFuncs() { return Code().I32(3).Op(Opcode::ArrayNewDefault, kFuncs); }
Code Any() { return Code().Heap(Opcode::RefNull, AbstractHeap::Any); }
Code Number() { return Code().I64(0); }

std::map<Opcode, Row> Rows() {
  using enum Opcode;
  const BlockType int_block = I32;
  std::map<Opcode, Row> rows;
  rows[Unreachable] = {In().Op(Unreachable).Op(I32Eqz).Op(Drop),
                       In().Op(Unreachable).I64(0).Op(I32Eqz).Op(Drop)};
  rows[Block] = {In().Block(int_block).I32(0).End().Op(Drop),
                 In().Block(int_block).I64(0).End().Op(Drop)};
  rows[Loop] = {In().Loop(int_block).I32(0).End().Op(Drop), In().Loop(int_block).End().Op(Drop)};
  rows[If] = {In().I32(0).If().End(), In().I64(0).If().End()};
  rows[Else] = {In().I32(0).If(int_block).I32(0).Else().I32(1).End().Op(Drop),
                In().I32(0).If(int_block).I64(0).Else().I32(1).End().Op(Drop)};
  rows[TryTable] = {
      In().Block(int_block).TryTable({}, {{CatchKind::Catch, 0, 0}}).End().I32(0).End().Op(Drop),
      In().TryTable({}, {{CatchKind::Catch, 0, 0}}).End()};
  const auto legacy = [] { return In().Op(LegacyTry, wasm::BlockType().bits()); };
  rows[LegacyTry] = {legacy().End(), legacy().I32(0).End()};
  rows[LegacyCatch] = {legacy().Op(LegacyCatch, 0).Op(Drop).End(),
                       legacy().Op(LegacyCatch, 0).End()};
  rows[LegacyCatchAll] = {legacy().Op(LegacyCatchAll).End(),
                          legacy().Op(LegacyCatchAll).Op(Drop).End()};
  rows[Delegate] = {legacy().Op(Delegate, 0), legacy().Op(Delegate, 1), ErrorCode::UnknownLabel};
  rows[Rethrow] = {legacy().Op(LegacyCatchAll).Op(Rethrow, 0).End(), legacy().Op(Rethrow, 0).End(),
                   ErrorCode::BadRethrow};
  rows[Throw] = {In().I32(0).Op(Throw, 0), In().I64(0).Op(Throw, 0)};
  rows[ThrowRef] = {In().Heap(RefNull, AbstractHeap::Exn).Op(ThrowRef), Any().Op(ThrowRef)};
  rows[End] = {In().Block().End(), In().Block().I32(0).End()};
  rows[Br] = {In().Block().Op(Br, 0).End(), In().Block(int_block).I64(0).Op(Br, 0).End().Op(Drop)};
  rows[BrIf] = {In().Block().I32(0).Op(BrIf, 0).End(), In().Block().I64(0).Op(BrIf, 0).End()};
  rows[BrTable] = {In().Block().I32(0).BrTable({0, 1}, 0).End(),
                   In().Block(int_block).I32(0).I32(0).BrTable({1}, 0).End().Op(Drop)};
  rows[Return] = {In().I32(0).Op(Return), In().I64(0).Op(Return), ErrorCode::TypeMismatch, {I32}};
  rows[Call] = {In().I32(0).Op(Call, 1).Op(Drop), In().I64(0).Op(Call, 1).Op(Drop)};
  rows[CallIndirect] = {In().I32(0).I32(0).Op(CallIndirect, kUnary, 0).Op(Drop),
                        In().I32(0).I64(0).Op(CallIndirect, kUnary, 0).Op(Drop)};
  rows[ReturnCall] = {In().Op(ReturnCall, 0), In().I32(0).Op(ReturnCall, 1)};
  rows[ReturnCallIndirect] = {In().I32(0).Op(ReturnCallIndirect, kVoid, 0),
                              In().I32(0).I32(0).Op(ReturnCallIndirect, kUnary, 0)};
  rows[CallRef] = {In().I32(0).Op(RefFunc, 1).Op(CallRef, kUnary).Op(Drop),
                   In().I32(0).Op(RefFunc, 0).Op(CallRef, kUnary).Op(Drop)};
  rows[ReturnCallRef] = {In().Op(RefFunc, 0).Op(ReturnCallRef, kVoid),
                         In().I32(0).Op(RefFunc, 1).Op(ReturnCallRef, kUnary)};
  rows[Drop] = {In().I32(0).Op(Drop), In().Op(Drop)};
  rows[Select] = {In().F32(0).F32(1).I32(0).Op(Select).Op(Drop),
                  Any().Append(Any()).I32(0).Op(Select).Op(Drop)};
  rows[SelectTyped] = {Any().Append(Any()).I32(0).SelectTyped({Null(AbstractHeap::Any)}).Op(Drop),
                       Any().Append(Any()).I32(0).SelectTyped({I32, I32}).Op(Drop),
                       ErrorCode::InvalidResultArity};
  rows[LocalGet] = {In().Op(LocalGet, kLocalInt).Op(Drop), In().Op(LocalGet, kLocalUnset).Op(Drop),
                    ErrorCode::UninitializedLocal};
  rows[LocalSet] = {Struct().Op(LocalSet, kLocalUnset).Op(LocalGet, kLocalUnset).Op(Drop),
                    In().Op(LocalGet, kLocalRef).Op(LocalSet, kLocalUnset)};
  rows[LocalTee] = {In().I32(0).Op(LocalTee, kLocalInt).Op(Drop),
                    In().I64(0).Op(LocalTee, kLocalInt).Op(Drop)};
  rows[GlobalGet] = {In().Op(GlobalGet, 0).Op(Drop), In().Op(GlobalGet, 9).Op(Drop),
                     ErrorCode::UnknownGlobal};
  rows[GlobalSet] = {In().I32(0).Op(GlobalSet, 0), In().I64(0).Op(GlobalSet, 0)};
  rows[TableGet] = {In().I32(0).Op(TableGet, 0).Op(Drop), In().I64(0).Op(TableGet, 0).Op(Drop)};
  rows[TableSet] = {In().I32(0).Op(RefFunc, 0).Op(TableSet, 0),
                    In().I32(0).Append(Any()).Op(TableSet, 0)};
  rows[RefNull] = {Any().Op(Drop), In().Heap(RefNull, HeapType::Index(99)).Op(Drop),
                   ErrorCode::UnknownType};
  rows[RefIsNull] = {Any().Op(RefIsNull).Op(Drop), In().I32(0).Op(RefIsNull).Op(Drop)};
  rows[RefFunc] = {In().Op(RefFunc, 0).Op(Drop), In().Op(RefFunc, 2).Op(Drop),
                   ErrorCode::UndeclaredFunctionRef};
  rows[RefEq] = {Struct().Append(Struct()).Op(RefEq).Op(Drop),
                 Struct().Append(Any()).Op(RefEq).Op(Drop)};
  rows[RefAsNonNull] = {Any().Op(RefAsNonNull).Op(Drop), In().I32(0).Op(RefAsNonNull).Op(Drop)};
  rows[BrOnNull] = {In().Block().Append(Any()).Op(BrOnNull, 0).Op(Drop).End(),
                    In().Block().I32(0).Op(BrOnNull, 0).Op(Drop).End()};
  rows[BrOnNonNull] = {In().Block(NonNull(AbstractHeap::Any))
                           .Append(Any())
                           .Op(BrOnNonNull, 0)
                           .Op(Unreachable)
                           .End()
                           .Op(Drop),
                       In().Block().Append(Any()).Op(BrOnNonNull, 0).End()};
  rows[StructNew] = {In().I32(0).I32(0).I32(0).Op(StructNew, kStruct).Op(Drop),
                     In().I32(0).I32(0).I64(0).Op(StructNew, kStruct).Op(Drop)};
  rows[StructNewDefault] = {Struct().Op(Drop), In().Op(StructNewDefault, kNeedy).Op(Drop),
                            ErrorCode::NotDefaultable};
  rows[StructGet] = {Struct().Op(StructGet, kStruct, 0).Op(Drop),
                     Struct().Op(StructGet, kStruct, 1).Op(Drop), ErrorCode::FieldPacking};
  rows[StructGetS] = {Struct().Op(StructGetS, kStruct, 1).Op(Drop),
                      Struct().Op(StructGetS, kStruct, 0).Op(Drop), ErrorCode::FieldPacking};
  rows[StructGetU] = {Struct().Op(StructGetU, kStruct, 1).Op(Drop),
                      Struct().Op(StructGetU, kStruct, 3).Op(Drop), ErrorCode::UnknownField};
  rows[StructSet] = {Struct().I32(0).Op(StructSet, kStruct, 1),
                     Struct().I32(0).Op(StructSet, kStruct, 2), ErrorCode::ImmutableField};
  rows[ArrayNew] = {In().I32(0).I32(3).Op(ArrayNew, kInts).Op(Drop),
                    In().I64(0).I32(3).Op(ArrayNew, kInts).Op(Drop)};
  rows[ArrayNewDefault] = {Ints().Op(Drop), In().I32(3).Op(ArrayNewDefault, kFixed).Op(Drop),
                           ErrorCode::NotDefaultable};
  rows[ArrayNewFixed] = {In().I32(0).I32(1).Op(ArrayNewFixed, kInts, 2).Op(Drop),
                         In().I32(0).Op(ArrayNewFixed, kInts, 2).Op(Drop)};
  rows[ArrayNewData] = {In().I32(0).I32(0).Op(ArrayNewData, kBytes, 0).Op(Drop),
                        In().I32(0).I32(0).Op(ArrayNewData, kFuncs, 0).Op(Drop)};
  rows[ArrayNewElem] = {In().I32(0).I32(0).Op(ArrayNewElem, kFuncs, kElem).Op(Drop),
                        In().I32(0).I32(0).Op(ArrayNewElem, kInts, kElem).Op(Drop)};
  rows[ArrayGet] = {Ints().I32(0).Op(ArrayGet, kInts).Op(Drop),
                    NewBytes().I32(0).Op(ArrayGet, kBytes).Op(Drop), ErrorCode::FieldPacking};
  rows[ArrayGetS] = {NewBytes().I32(0).Op(ArrayGetS, kBytes).Op(Drop),
                     Ints().I32(0).Op(ArrayGetS, kInts).Op(Drop), ErrorCode::FieldPacking};
  rows[ArrayGetU] = {NewBytes().I32(0).Op(ArrayGetU, kBytes).Op(Drop),
                     Ints().I32(0).Op(ArrayGetU, kBytes).Op(Drop)};
  rows[ArraySet] = {Ints().I32(0).I32(0).Op(ArraySet, kInts),
                    Ints().I32(0).I64(0).Op(ArraySet, kInts)};
  rows[ArrayLen] = {Ints().Op(ArrayLen).Op(Drop), Struct().Op(ArrayLen).Op(Drop)};
  rows[ArrayFill] = {Ints().I32(0).I32(0).I32(0).Op(ArrayFill, kInts),
                     In().Op(Unreachable).Op(ArrayFill, kFixed), ErrorCode::ImmutableArray};
  rows[ArrayCopy] = {Ints().I32(0).Append(Ints()).I32(0).I32(0).Op(ArrayCopy, kInts, kInts),
                     Ints().I32(0).Append(NewBytes()).I32(0).I32(0).Op(ArrayCopy, kInts, kBytes),
                     ErrorCode::ArrayElemMismatch};
  rows[ArrayInitData] = {Ints().I32(0).I32(0).I32(0).Op(ArrayInitData, kInts, 0),
                         Ints().I32(0).I32(0).I32(0).Op(ArrayInitData, kInts, 9),
                         ErrorCode::UnknownData};
  rows[ArrayInitElem] = {NewFuncs().I32(0).I32(0).I32(0).Op(ArrayInitElem, kFuncs, kElem),
                         NewFuncs().I32(0).I32(0).I32(0).Op(ArrayInitElem, kFuncs, 9),
                         ErrorCode::UnknownElem};
  for (const Opcode op : {RefTest, RefTestNull, RefCast, RefCastNull}) {
    rows[op] = {Any().Heap(op, AbstractHeap::I31).Op(Drop),
                In().Op(RefFunc, 0).Heap(op, AbstractHeap::I31).Op(Drop)};
  }
  const ValType any = Null(AbstractHeap::Any), i31 = NonNull(AbstractHeap::I31);
  rows[Opcode::BrOnCast] = {In().Block(i31)
                                .Append(Any())
                                .BrOnCast(Opcode::BrOnCast, 0, any, i31)
                                .Op(Unreachable)
                                .End()
                                .Op(Drop),
                            In().Block(i31)
                                .Append(Any())
                                .BrOnCast(Opcode::BrOnCast, 0, i31, any)
                                .Op(Unreachable)
                                .End()
                                .Op(Drop),
                            ErrorCode::BadCast};
  rows[BrOnCastFail] = {
      In().Block(any).Append(Any()).BrOnCast(BrOnCastFail, 0, any, i31).End().Op(Drop),
      In().Block(i31).Append(Any()).BrOnCast(BrOnCastFail, 0, any, i31).End().Op(Drop)};
  rows[AnyConvertExtern] = {In().Heap(RefNull, AbstractHeap::Extern).Op(AnyConvertExtern).Op(Drop),
                            Any().Op(AnyConvertExtern).Op(Drop)};
  rows[ExternConvertAny] = {Any().Op(ExternConvertAny).Op(Drop),
                            In().Heap(RefNull, AbstractHeap::Extern).Op(ExternConvertAny).Op(Drop)};
  rows[RefI31] = {In().I32(0).Op(RefI31).Op(Drop), Number().Op(RefI31).Op(Drop)};
  rows[I31GetS] = {In().I32(0).Op(RefI31).Op(I31GetS).Op(Drop), Any().Op(I31GetS).Op(Drop)};
  rows[I31GetU] = {In().I32(0).Op(RefI31).Op(I31GetU).Op(Drop), Any().Op(I31GetU).Op(Drop)};
  rows[MemoryInit] = {In().I32(0).I32(0).I32(0).Op(MemoryInit, 0, 0),
                      In().I32(0).I32(0).I64(0).Op(MemoryInit, 0, 0)};
  rows[MemoryCopy] = {In().I32(0).I32(0).I32(0).Op(MemoryCopy, 0, 0),
                      In().I32(0).I32(0).I32(0).Op(MemoryCopy, 0, 9), ErrorCode::UnknownMemory};
  rows[TableInit] = {In().I32(0).I32(0).I32(0).Op(TableInit, kElem, 0),
                     In().I64(0).I32(0).I32(0).Op(TableInit, kElem, 0)};
  rows[TableCopy] = {In().I32(0).I32(0).I32(0).Op(TableCopy, 0, 0),
                     In().I32(0).I32(0).I32(0).Op(TableCopy, 9, 0), ErrorCode::UnknownTable};
  rows[TableGrow] = {In().Op(RefFunc, 0).I32(0).Op(TableGrow, 0).Op(Drop),
                     Any().I32(0).Op(TableGrow, 0).Op(Drop)};
  rows[TableSize] = {In().Op(TableSize, 0).Op(Drop), In().Op(TableSize, 9).Op(Drop),
                     ErrorCode::UnknownTable};
  rows[TableFill] = {In().I32(0).Op(RefFunc, 0).I32(0).Op(TableFill, 0),
                     In().I32(0).Op(RefFunc, 0).I64(0).Op(TableFill, 0)};
  return rows;
}

// Both bodies of an instruction that has a signature. Without operands the result is taken for
// another type; without either, an operand is left behind.
Row RowOf(const wasm::OpcodeInfo& info, Opcode op) {
  const size_t colon = info.signature.find(':');
  const std::string_view operands = info.signature.substr(0, colon);
  const std::string_view results = info.signature.substr(colon + 1);
  Row row;
  for (const char letter : operands) PushLetter(row.valid, letter);
  row.valid.Op(op);
  for (size_t i = 0; i < results.size(); ++i) row.valid.Op(Opcode::Drop);
  for (size_t i = 0; i + 1 < operands.size(); ++i) PushLetter(row.invalid, operands[i]);
  if (!operands.empty()) PushLetter(row.invalid, operands.back() == 'I' ? 'F' : 'I');
  row.invalid.Op(op);
  if (operands.empty() && !results.empty()) {
    row.invalid.Op(results == "F" ? Opcode::F32Abs : Opcode::F64Abs);
  }
  if (operands.empty() && results.empty()) {
    row.invalid.I32(0);
  } else {
    for (size_t i = 0; i < results.size(); ++i) row.invalid.Op(Opcode::Drop);
  }
  return row;
}

class EveryOpcode : public testing::TestWithParam<size_t> {};

TEST_P(EveryOpcode, IsAcceptedWhenUsedRightlyAndRejectedOtherwise) {
  const wasm::OpcodeInfo& info = wasm::AllOpcodes()[GetParam()];
  const auto op = static_cast<Opcode>(GetParam());
  Row row;
  if (!info.has_types()) {
    const std::map<Opcode, Row> rows = Rows();
    const auto found = rows.find(op);
    ASSERT_NE(found, rows.end()) << "no row for " << info.name;
    row = found->second;
  } else {
    row = RowOf(info, op);
  }
  const auto accepted = Judge(row.valid, row.results);
  EXPECT_TRUE(accepted.has_value()) << accepted.error().Message();
  const auto rejected = Judge(row.invalid, row.results);
  ASSERT_FALSE(rejected.has_value());
  EXPECT_EQ(wasm::ErrorName(rejected.error().code), wasm::ErrorName(row.code))
      << rejected.error().Message();
}

INSTANTIATE_TEST_SUITE_P(Table, EveryOpcode, testing::Range(size_t{0}, wasm::kOpcodeCount),
                         [](const auto& test) {
                           return std::string(wasm::AllOpcodes()[test.param].name);
                         });

void ExpectValid(const Code& code) {
  const auto valid = Judge(code);
  EXPECT_TRUE(valid.has_value()) << valid.error().Message();
}
void ExpectInvalid(const Code& code, ErrorCode expected = ErrorCode::TypeMismatch) {
  const auto valid = Judge(code);
  ASSERT_FALSE(valid.has_value());
  EXPECT_EQ(wasm::ErrorName(valid.error().code), wasm::ErrorName(expected))
      << valid.error().Message();
}

TEST(CodeValidator, BottomReferenceOfUnreachableCodeFitsReferencesOnly) {
  ExpectValid(Code()
                  .Op(Opcode::Unreachable)
                  .Op(Opcode::RefAsNonNull)
                  .Op(Opcode::ArrayLen)
                  .Op(Opcode::Drop));
  ExpectInvalid(
      Code().Op(Opcode::Unreachable).Op(Opcode::RefAsNonNull).Op(Opcode::I32Eqz).Op(Opcode::Drop));
}

TEST(CodeValidator, BranchTableOperandsMatchEveryLabel) {
  const auto table = [](ValType outer, ValType operand) {
    return Code()
        .Block(outer)
        .Block(Null(AbstractHeap::Any))
        .Heap(Opcode::RefNull, operand.heap())
        .I32(0)
        .BrTable({0}, 1)
        .End()
        .Op(Opcode::Drop)
        .Op(Opcode::Unreachable)
        .End()
        .Op(Opcode::Drop);
  };
  ExpectValid(table(Null(AbstractHeap::Eq), Null(AbstractHeap::I31)));
  ExpectInvalid(table(Null(AbstractHeap::Struct), Null(AbstractHeap::I31)));
}

TEST(CodeValidator, BranchTableLabelsMayHaveDifferentTypesInUnreachableCode) {
  ExpectValid(Code()
                  .Block(F32)
                  .Block(F64)
                  .Op(Opcode::Unreachable)
                  .I32(0)
                  .BrTable({0, 1}, 1)
                  .End()
                  .Op(Opcode::Drop)
                  .F32(0)
                  .End()
                  .Op(Opcode::Drop));
  ExpectInvalid(Code()
                    .Block(F32)
                    .Block()
                    .Op(Opcode::Unreachable)
                    .I32(0)
                    .BrTable({0, 1}, 1)
                    .End()
                    .F32(0)
                    .End()
                    .Op(Opcode::Drop));
}

TEST(CodeValidator, LocalsSetInABlockAreUnsetBehindIt) {
  const Code set = Code().Op(Opcode::StructNewDefault, kStruct).Op(Opcode::LocalSet, kLocalUnset);
  const Code get = Code().Op(Opcode::LocalGet, kLocalUnset).Op(Opcode::Drop);
  ExpectValid(Code().Append(set).Block().Append(get).End().Append(get));
  ExpectInvalid(Code().Block().Append(set).Append(get).End().Append(get),
                ErrorCode::UninitializedLocal);
  ExpectInvalid(Code().I32(0).If().Append(set).Else().Append(get).End(),
                ErrorCode::UninitializedLocal);
  ExpectInvalid(Code().I32(0).If().Append(set).Else().Append(set).End().Append(get),
                ErrorCode::UninitializedLocal);
}

TEST(CodeValidator, CatchesOfReferencesYieldNonNullOnes) {
  const auto caught = [](ValType type) {
    return Code()
        .Block(type)
        .TryTable({}, {{CatchKind::CatchAllRef, 0, 0}})
        .End()
        .Op(Opcode::Unreachable)
        .End()
        .Op(Opcode::Drop);
  };
  ExpectValid(caught(NonNull(AbstractHeap::Exn)));
  ExpectValid(caught(Null(AbstractHeap::Exn)));
  ExpectInvalid(caught(Null(AbstractHeap::Any)));
}

TEST(CodeValidator, IfWithoutElseNeedsEqualParametersAndResults) {
  ExpectInvalid(Code().I32(0).If(I32).I32(0).End().Op(Opcode::Drop));
  ExpectValid(Code().I32(0).I32(0).If(BlockType::Index(kUnary)).End().Op(Opcode::Drop));
}

TEST(CodeValidator, NullabilityPassesThroughExternConversion) {
  ExpectValid(Struct()
                  .Op(Opcode::ExternConvertAny)
                  .Op(Opcode::AnyConvertExtern)
                  .Heap(Opcode::RefCast, HeapType::Index(kStruct))
                  .Op(Opcode::LocalSet, kLocalUnset));
  const Code kept = Code().Block(NonNull(AbstractHeap::Extern));
  ExpectValid(Code(kept).Append(Struct()).Op(Opcode::ExternConvertAny).End().Op(Opcode::Drop));
  ExpectInvalid(Code(kept).Append(Any()).Op(Opcode::ExternConvertAny).End().Op(Opcode::Drop));
}

TEST(CodeValidator, IllNestedBodiesAreRejected) {
  ExpectInvalid(Code().End().Op(Opcode::Nop), ErrorCode::EndExpected);
  ExpectInvalid(Code().Block(), ErrorCode::EndExpected);
  ExpectInvalid(Code().Op(Opcode::Else), ErrorCode::EndExpected);
}

TEST(CodeValidator, AlignmentAndOffsetAreBounded) {
  const auto load = [](uint32_t align, uint64_t offset) {
    return Code().I32(0).Access(Opcode::I32Load, align, offset).Op(Opcode::Drop);
  };
  ExpectValid(load(2, 0xffff'ffff));
  ExpectInvalid(load(3, 0), ErrorCode::Alignment);
  ExpectInvalid(load(63, 0), ErrorCode::Alignment);
  ExpectInvalid(load(2, 0x1'0000'0000), ErrorCode::MemoryOffset);
}

TEST(CodeValidator, IndicesBeyondTheirSpaceAreNamed) {
  constexpr uint32_t kFar = 0xffff'ffff;
  ExpectInvalid(Code().Op(Opcode::Call, kFar), ErrorCode::UnknownFunction);
  ExpectInvalid(Code().I32(0).Op(Opcode::CallIndirect, kFar, 0), ErrorCode::UnknownType);
  ExpectInvalid(Code().Op(Opcode::StructNew, kFar), ErrorCode::UnknownType);
  ExpectInvalid(Code().Op(Opcode::Br, kFar), ErrorCode::UnknownLabel);
  ExpectInvalid(Code().Op(Opcode::LocalSet, kFar), ErrorCode::UnknownLocal);
  ExpectInvalid(Code().Op(Opcode::Throw, kFar), ErrorCode::UnknownTag);
  ExpectInvalid(Code().Op(Opcode::GlobalSet, kFar), ErrorCode::UnknownGlobal);
  ExpectInvalid(Code().Op(Opcode::ElemDrop, kFar), ErrorCode::UnknownElem);
  ExpectInvalid(Code().Op(Opcode::DataDrop, kFar), ErrorCode::UnknownData);
  ExpectInvalid(Code().Op(Opcode::RefFunc, kFar), ErrorCode::UnknownFunction);
  ExpectInvalid(Code().Op(Opcode::TableGet, kFar), ErrorCode::UnknownTable);
  ExpectInvalid(Code().Op(Opcode::MemorySize, kFar), ErrorCode::UnknownMemory);
  ExpectInvalid(Code().TryTable({}, {{CatchKind::Catch, kFar, 0}}).End(), ErrorCode::UnknownTag);
  ExpectInvalid(Code().TryTable({}, {{CatchKind::CatchAll, 0, kFar}}).End(),
                ErrorCode::UnknownLabel);
}

TEST(CodeValidator, ErrorsStandAtTheInstruction) {
  wasm::ModuleBuilder builder;
  builder.Define(builder.Func({}, {}), {}, Code().I32(0).Op(Opcode::F32Abs).Op(Opcode::Drop));
  std::vector<wasm::Instr>& code = builder.module().functions[0].body.code;
  for (uint32_t i = 0; i < code.size(); ++i) code[i].offset = 100 + i;
  wasm::TypeStore types;
  const auto valid = Validate(std::make_shared<const wasm::Module>(builder.module()), types);
  ASSERT_FALSE(valid.has_value());
  EXPECT_EQ(valid.error().offset, 101u);
  EXPECT_EQ(valid.error().detail, "f32.abs needs f32 but the stack has i32");
}

}  // namespace
}  // namespace slabhound::valid
