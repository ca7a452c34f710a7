// Module rules: each validation error of errors.def is provoked by a module that is valid but for
// one point; then the rules of visibility between sections, and what a ValidModule says.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>

#include "valid/valid_module.h"
#include "wasm/builder.h"
#include "wasm/limits.h"

namespace slabhound::valid {
namespace {

using wasm::AbstractHeap;
using wasm::Code;
using wasm::ErrorCode;
using wasm::ExternKind;
using wasm::HeapType;
using wasm::Limits;
using wasm::ModuleBuilder;
using wasm::Opcode;
using wasm::SubType;
using wasm::ValType;

constexpr ValType kI32 = ValType::I32, kI64 = ValType::I64;
constexpr ValType kFuncref = ValType::Ref(AbstractHeap::Func, true);

Result<ValidModule, wasm::Error> Judge(const ModuleBuilder& builder, wasm::TypeStore& types) {
  return Validate(std::make_shared<const wasm::Module>(builder.module()), types);
}

void ExpectValid(const ModuleBuilder& builder) {
  wasm::TypeStore types;
  const auto valid = Judge(builder, types);
  EXPECT_TRUE(valid.has_value()) << valid.error().Message();
}

void ExpectInvalid(const ModuleBuilder& builder, ErrorCode code) {
  wasm::TypeStore types;
  const auto valid = Judge(builder, types);
  ASSERT_FALSE(valid.has_value()) << wasm::ErrorName(code);
  EXPECT_EQ(wasm::ErrorName(valid.error().code), wasm::ErrorName(code)) << valid.error().Message();
}

void DefineVoid(ModuleBuilder& builder, const Code& code) {
  builder.Define(builder.Func({}, {}), {}, code);
}

// Makes a module invalid with the code that is its key.
std::map<ErrorCode, std::function<void(ModuleBuilder&)>> Breakers() {
  using enum ErrorCode;
  std::map<ErrorCode, std::function<void(ModuleBuilder&)>> make;
  make[TypeMismatch] = [](ModuleBuilder& b) { b.Global(kI32, false, Code().I64(0)); };
  make[UnknownType] = [](ModuleBuilder& b) { b.Func({ValType::Ref(HeapType::Index(7), true)}); };
  make[UnknownFunction] = [](ModuleBuilder& b) { b.Start(3); };
  make[UnknownTable] = [](ModuleBuilder& b) { b.ElemAt(0, Code().I32(0), kFuncref, {}); };
  make[UnknownMemory] = [](ModuleBuilder& b) { b.DataAt(0, Code().I32(0), "x"); };
  make[UnknownGlobal] = [](ModuleBuilder& b) { b.Export("g", ExternKind::Global, 0); };
  make[UnknownTag] = [](ModuleBuilder& b) { b.Export("t", ExternKind::Tag, 0); };
  make[UnknownLocal] = [](ModuleBuilder& b) {
    DefineVoid(b, Code().Op(Opcode::LocalGet, 0).Op(Opcode::Drop));
  };
  make[UnknownLabel] = [](ModuleBuilder& b) { DefineVoid(b, Code().Op(Opcode::Br, 1)); };
  make[UnknownElem] = [](ModuleBuilder& b) { DefineVoid(b, Code().Op(Opcode::ElemDrop, 0)); };
  make[UnknownData] = [](ModuleBuilder& b) { DefineVoid(b, Code().Op(Opcode::DataDrop, 0)); };
  make[UnknownField] = [](ModuleBuilder& b) {
    const auto type = b.Struct({});
    DefineVoid(b,
               Code().Op(Opcode::StructNew, type).Op(Opcode::StructGet, type, 0).Op(Opcode::Drop));
  };
  make[UninitializedLocal] = [](ModuleBuilder& b) {
    b.Define(b.Func({}, {}), {ValType::Ref(AbstractHeap::Any, false)},
             Code().Op(Opcode::LocalGet, 0).Op(Opcode::Drop));
  };
  make[UndeclaredFunctionRef] = [](ModuleBuilder& b) {
    DefineVoid(b, Code().Op(Opcode::RefFunc, 0).Op(Opcode::Drop));
    b.Start(0);  // naming it there declares nothing
  };
  make[ImmutableGlobal] = [](ModuleBuilder& b) {
    b.Global(kI32, false, Code().I32(0));
    DefineVoid(b, Code().I32(0).Op(Opcode::GlobalSet, 0));
  };
  make[ImmutableField] = [](ModuleBuilder& b) {
    const auto type = b.Struct({{kI32, false}});
    DefineVoid(b, Code().Op(Opcode::StructNewDefault, type).I32(0).Op(Opcode::StructSet, type, 0));
  };
  make[ImmutableArray] = [](ModuleBuilder& b) {
    const auto type = b.Array({kI32, false});
    DefineVoid(
        b,
        Code().I32(1).Op(Opcode::ArrayNewDefault, type).I32(0).I32(0).Op(Opcode::ArraySet, type));
  };
  make[NotDefaultable] = [](ModuleBuilder& b) {
    const auto type = b.Struct({{ValType::Ref(AbstractHeap::Any, false), false}});
    DefineVoid(b, Code().Op(Opcode::StructNewDefault, type).Op(Opcode::Drop));
  };
  make[FieldPacking] = [](ModuleBuilder& b) {
    const auto type = b.Struct({{wasm::StorageType::I16, false}});
    DefineVoid(
        b,
        Code().Op(Opcode::StructNewDefault, type).Op(Opcode::StructGet, type, 0).Op(Opcode::Drop));
  };
  make[ConstantRequired] = [](ModuleBuilder& b) {
    b.Global(kI32, false, Code().I32(0).Op(Opcode::I32Eqz));
  };
  make[DuplicateExport] = [](ModuleBuilder& b) {
    b.Memory({}, "same");
    b.Memory({}, "same");
  };
  make[BadStart] = [](ModuleBuilder& b) { b.Start(b.Define(b.Func({kI32}, {}), {}, Code())); };
  make[BadSubType] = [](ModuleBuilder& b) {
    const auto final_type = b.Struct({});
    b.Type({true, {final_type}, wasm::StructType{}});
  };
  make[BadLimits] = [](ModuleBuilder& b) { b.Memory({.min = 2, .max = 1, .is_64 = false}); };
  make[TableSize] = [](ModuleBuilder& b) {
    b.Table(kFuncref, {.min = uint64_t{1} << 32, .max = {}, .is_64 = false});
  };
  make[MemorySize] = [](ModuleBuilder& b) { b.Memory({.min = 65537, .max = {}, .is_64 = false}); };
  make[Alignment] = [](ModuleBuilder& b) {
    b.Memory();
    DefineVoid(b, Code().I32(0).Access(Opcode::I32Load8U, 1).Op(Opcode::Drop));
  };
  make[MemoryOffset] = [](ModuleBuilder& b) {
    b.Memory();
    DefineVoid(b, Code().I32(0).Access(Opcode::I32Load8U, 0, UINT64_MAX).Op(Opcode::Drop));
  };
  make[BadLane] = [](ModuleBuilder& b) {
    DefineVoid(b, Code().Vector({}).Op(Opcode::I64x2ExtractLane, 2).Op(Opcode::Drop));
  };
  make[BadRethrow] = [](ModuleBuilder& b) {
    DefineVoid(b, Code().Block().Op(Opcode::Rethrow, 0).End());
  };
  make[InvalidResultArity] = [](ModuleBuilder& b) {
    DefineVoid(b, Code().I32(0).I32(0).I32(0).SelectTyped({}));
  };
  make[BadTagType] = [](ModuleBuilder& b) { b.Tag(b.Func({}, {kI32})); };
  make[ArrayElemMismatch] = [](ModuleBuilder& b) {
    const auto to = b.Array({kI32, true}), from = b.Array({kI64, true});
    DefineVoid(b, Code().Op(Opcode::Unreachable).Op(Opcode::ArrayCopy, to, from));
  };
  make[BadCast] = [](ModuleBuilder& b) {
    DefineVoid(b,
               Code()
                   .Op(Opcode::Unreachable)
                   .BrOnCast(Opcode::BrOnCast, 0, ValType::Ref(AbstractHeap::I31, true), kFuncref));
  };
  return make;
}

class EveryValidationError : public testing::TestWithParam<ErrorCode> {};

TEST_P(EveryValidationError, IsReported) {
  const auto breakers = Breakers();
  const auto found = breakers.find(GetParam());
  ASSERT_NE(found, breakers.end()) << "no module provokes " << wasm::ErrorName(GetParam());
  ModuleBuilder builder;
  found->second(builder);
  ExpectInvalid(builder, GetParam());
}

std::vector<ErrorCode> ValidationErrors() {
  std::vector<ErrorCode> codes;
#define SLABHOUND_ERROR(name, error_class, phrase) \
  if (wasm::ErrorClass::error_class == wasm::ErrorClass::Invalid) codes.push_back(ErrorCode::name);
#include "wasm/errors.def"
  return codes;
}
INSTANTIATE_TEST_SUITE_P(Table, EveryValidationError, testing::ValuesIn(ValidationErrors()),
                         [](const auto& test) { return std::string(wasm::ErrorName(test.param)); });

TEST(Validate, GlobalInitializersSeeEarlierGlobalsOnly) {
  ModuleBuilder earlier;
  earlier.Global(kI32, false, Code().I32(1));
  earlier.Global(kI32, false, Code().Op(Opcode::GlobalGet, 0).I32(2).Op(Opcode::I32Mul));
  ExpectValid(earlier);
  ModuleBuilder itself;
  itself.Global(kI32, false, Code().Op(Opcode::GlobalGet, 0));
  ExpectInvalid(itself, ErrorCode::UnknownGlobal);
}

TEST(Validate, TableInitializersSeeImportedGlobalsOnly) {
  ModuleBuilder imported;
  imported.Import(wasm::GlobalType{kFuncref, false});
  imported.Table(kFuncref, {}, Code().Op(Opcode::GlobalGet, 0));
  ExpectValid(imported);
  ModuleBuilder defined;
  defined.Table(kFuncref, {}, Code().Op(Opcode::GlobalGet, 0));
  defined.Global(kFuncref, false, Code().Heap(Opcode::RefNull, AbstractHeap::Func));
  ExpectInvalid(defined, ErrorCode::UnknownGlobal);
}

TEST(Validate, ConstantsReadImmutableGlobalsOnly) {
  ModuleBuilder builder;
  builder.Global(kI32, true, Code().I32(1));
  builder.Global(kI32, false, Code().Op(Opcode::GlobalGet, 0));
  ExpectInvalid(builder, ErrorCode::ConstantRequired);
}

TEST(Validate, ConstantExpressionsMayAllocate) {
  ModuleBuilder builder;
  const auto pair = builder.Struct({{ValType::Ref(AbstractHeap::Any, true), true}, {kI64, false}});
  const auto array = builder.Array({wasm::StorageType::I8, true});
  const ValType anyref = ValType::Ref(AbstractHeap::Any, true);
  builder.Global(
      anyref, true,
      Code().I32(1).I32(2).Op(Opcode::ArrayNewFixed, array, 2).I64(3).Op(Opcode::StructNew, pair));
  builder.Global(anyref, true, Code().I32(1).Op(Opcode::RefI31));
  builder.Global(anyref, true, Code().I32(0).I32(9).Op(Opcode::ArrayNew, array));
  builder.Global(anyref, true,
                 Code()
                     .Op(Opcode::StructNewDefault, pair)
                     .Op(Opcode::ExternConvertAny)
                     .Op(Opcode::AnyConvertExtern));
  ExpectValid(builder);
}

TEST(Validate, FunctionsAreDeclaredByExportsGlobalsAndSegments) {
  const Code use = Code().Op(Opcode::RefFunc, 0).Op(Opcode::Drop);
  ModuleBuilder exported, global, segment;
  exported.Define(exported.Func({}, {}), {}, use, "f");
  ExpectValid(exported);
  DefineVoid(global, use);
  global.Global(kFuncref, false, Code().Op(Opcode::RefFunc, 0));
  ExpectValid(global);
  DefineVoid(segment, use);
  segment.Functions({0});
  ExpectValid(segment);
}

TEST(Validate, TablesWithoutDefaultNeedAnInitializer) {
  const ValType element = ValType::Ref(AbstractHeap::Func, false);
  ModuleBuilder without, with;
  without.Table(element);
  ExpectInvalid(without, ErrorCode::TypeMismatch);
  DefineVoid(with, Code());
  with.Table(element, {.min = 1, .max = {}, .is_64 = false}, Code().Op(Opcode::RefFunc, 0));
  ExpectValid(with);
}

TEST(Validate, SegmentOffsetsHaveTheAddressType) {
  ModuleBuilder narrow, wide;
  narrow.Memory({.min = 1, .max = {}, .is_64 = true});
  narrow.DataAt(0, Code().I32(0), "x");
  ExpectInvalid(narrow, ErrorCode::TypeMismatch);
  wide.Memory({.min = 1, .max = {}, .is_64 = true});
  wide.DataAt(0, Code().I64(0), "x");
  wide.Table(kFuncref, {.min = 1, .max = {}, .is_64 = true});
  wide.ElemAt(0, Code().I64(0), kFuncref, {});
  ExpectValid(wide);
}

TEST(Validate, SegmentsMatchTheirTable) {
  ModuleBuilder builder;
  builder.Table(kFuncref, {});
  builder.ElemAt(0, Code().I32(0), ValType::Ref(AbstractHeap::Any, true), {});
  ExpectInvalid(builder, ErrorCode::TypeMismatch);
}

TEST(Validate, CopyLengthsHaveTheSmallerAddressType) {
  for (const bool both_64 : {false, true}) {
    ModuleBuilder builder;
    builder.Memory({.min = 1, .max = {}, .is_64 = true});
    builder.Memory({.min = 1, .max = {}, .is_64 = both_64});
    Code code = Code().I64(0);
    both_64 ? code.I64(0).I64(0) : code.I32(0).I32(0);
    DefineVoid(builder, code.Op(Opcode::MemoryCopy, 0, 1));
    ExpectValid(builder);
  }
}

TEST(Validate, LargestSizesAreAccepted) {
  ModuleBuilder builder;
  builder.Memory({.min = 65536, .max = 65536, .is_64 = false});
  builder.Memory({.min = 0, .max = uint64_t{1} << 48, .is_64 = true});
  builder.Table(kFuncref, {.min = 0, .max = UINT32_MAX, .is_64 = false});
  builder.Table(kFuncref, {.min = 0, .max = UINT64_MAX, .is_64 = true});
  ExpectValid(builder);
  ModuleBuilder larger;
  larger.Memory({.min = 0, .max = (uint64_t{1} << 48) + 1, .is_64 = true});
  ExpectInvalid(larger, ErrorCode::MemorySize);
}

TEST(Validate, LocalsAreLimited) {
  ModuleBuilder builder;
  builder.Define(builder.Func({kI32}, {}), std::vector<ValType>(wasm::limits::kLocalsMax, kI32),
                 Code());
  ExpectInvalid(builder, ErrorCode::LimitExceeded);
}

TEST(Validate, OperandsOnTheStackAreLimited) {
  ModuleBuilder builder;
  const auto type = builder.Func({}, std::vector<ValType>(1'000, kI32));
  Code code;
  for (int i = 0; i < 1'001; ++i) code.Op(Opcode::Call, 0);
  builder.Define(type, {}, code);
  ExpectInvalid(builder, ErrorCode::LimitExceeded);
}

TEST(Validate, ChecksOfOperandsAreLimited) {
  ModuleBuilder builder;
  const auto type = builder.Func(std::vector<ValType>(1'000, kI32), {});
  Code code;
  code.Op(Opcode::Unreachable);
  for (int i = 0; i < 500'001; ++i) code.Op(Opcode::Call, 0);
  builder.Define(type, {}, code);
  ExpectInvalid(builder, ErrorCode::LimitExceeded);
}

TEST(Validate, IndexSpacesAreWholeAndCanonical) {
  wasm::TypeStore types;
  ModuleBuilder first, second;
  first.Struct({});
  ASSERT_TRUE(Judge(first, types).has_value());

  const auto func = second.Func({}, {});
  const auto empty = second.Struct({});
  second.Import(wasm::FuncRef{func});
  second.Define(func, {}, Code());
  second.Global(ValType::Ref(HeapType::Index(empty), true), false,
                Code().Heap(Opcode::RefNull, HeapType::Index(empty)));
  const auto valid = Judge(second, types);
  ASSERT_TRUE(valid.has_value());
  EXPECT_EQ(valid->functions.size(), 2u);
  EXPECT_EQ(valid->type_ids[empty], wasm::TypeId{0});  // the same type as the first module's
  EXPECT_EQ(valid->globals[0].type, ValType::Ref(HeapType::Index(0), true));
  EXPECT_EQ(valid->Canonical(HeapType::Index(func)).index(), 1u);
}

// ---- sub type declarations

SubType Open(std::vector<uint32_t> supers, std::vector<wasm::FieldType> fields) {
  return {false, std::move(supers), wasm::StructType{std::move(fields)}};
}

TEST(ValidateTypes, SubtypesExtendAndRefine) {
  ModuleBuilder builder;
  const auto base = builder.Type(Open({}, {{ValType::Ref(AbstractHeap::Any, true), false}}));
  const auto derived =
      builder.Type(Open({base}, {{ValType::Ref(AbstractHeap::I31, false), false}, {kI32, true}}));
  builder.Type(Open({derived}, {{ValType::Ref(AbstractHeap::I31, false), false}, {kI32, true}}));
  ExpectValid(builder);
}

TEST(ValidateTypes, MutableFieldsAreInvariant) {
  ModuleBuilder builder;
  const auto base = builder.Type(Open({}, {{ValType::Ref(AbstractHeap::Any, true), true}}));
  builder.Type(Open({base}, {{ValType::Ref(AbstractHeap::I31, true), true}}));
  ExpectInvalid(builder, ErrorCode::BadSubType);
}

TEST(ValidateTypes, FunctionsAreContravariantInParameters) {
  const ValType any = ValType::Ref(AbstractHeap::Any, true),
                eq = ValType::Ref(AbstractHeap::Eq, true);
  ModuleBuilder good, bad;
  for (ModuleBuilder* builder : {&good, &bad})
    builder->Type({false, {}, wasm::FuncType{{eq}, {any}}});
  good.Type({true, {0}, wasm::FuncType{{any}, {eq}}});
  ExpectValid(good);
  bad.Type({true, {0}, wasm::FuncType{{ValType::Ref(AbstractHeap::I31, true)}, {any}}});
  ExpectInvalid(bad, ErrorCode::BadSubType);
}

TEST(ValidateTypes, FieldsOfOneGroupMayReferForward) {
  ModuleBuilder forward, beyond;
  forward.Rec({Open({}, {{ValType::Ref(HeapType::Index(1), true), true}}), Open({}, {})});
  ExpectValid(forward);
  beyond.Rec({Open({}, {{ValType::Ref(HeapType::Index(1), true), true}})});
  beyond.Type(Open({}, {}));
  ExpectInvalid(beyond, ErrorCode::UnknownType);
}

TEST(ValidateTypes, SupertypesStandBefore) {
  ModuleBuilder later, itself, several;
  later.Rec({Open({1}, {}), Open({}, {})});
  ExpectInvalid(later, ErrorCode::BadSubType);
  itself.Type(Open({0}, {}));
  ExpectInvalid(itself, ErrorCode::BadSubType);
  several.Rec({Open({}, {}), Open({}, {}), Open({0, 1}, {})});
  ExpectInvalid(several, ErrorCode::BadSubType);
}

TEST(ValidateTypes, ChainsMayBe63Deep) {
  for (const uint32_t depth : {63u, 64u}) {
    ModuleBuilder builder;
    builder.Type(Open({}, {}));
    for (uint32_t i = 0; i < depth; ++i) builder.Type(Open({i}, {}));
    if (depth == 63) {
      ExpectValid(builder);
    } else {
      ExpectInvalid(builder, ErrorCode::LimitExceeded);
    }
  }
}

TEST(Validate, NotesTheStackBehindEachInstruction) {
  ModuleBuilder builder;
  DefineVoid(builder,
             Code().I32(1).I64(2).Op(Opcode::Drop).Op(Opcode::Drop).Op(Opcode::Unreachable));
  wasm::TypeStore types;
  std::vector<FunctionNotes> notes;
  const auto module = std::make_shared<const wasm::Module>(builder.module());
  ASSERT_TRUE(Validate(module, types, &notes).has_value());
  ASSERT_EQ(notes.size(), 1u);
  std::vector<uint32_t> heights;
  for (const StackNote& note : notes[0]) heights.push_back(note.height);
  EXPECT_EQ(heights, (std::vector<uint32_t>{1, 2, 1, 0, 0, 0}));
  EXPECT_EQ(notes[0][1].top, kI64);
  EXPECT_EQ(notes[0][2].top, kI32);
  EXPECT_FALSE(notes[0][3].unreachable);
  EXPECT_TRUE(notes[0][4].unreachable);
  EXPECT_EQ(notes[0][1].untouched, 1u);
  EXPECT_EQ(notes[0][3].untouched, 0u);
}

// An operand below an inner block is not what instructions in there put on the stack.
TEST(Validate, NotesWhatInstructionsLeaveAloneAndWhatIsWidened) {
  ModuleBuilder builder;
  const ValType any = ValType::Ref(AbstractHeap::Any, false);
  DefineVoid(builder, Code()
                          .Block(ValType::Ref(AbstractHeap::Any, true))
                          .Heap(Opcode::RefNull, AbstractHeap::I31)
                          .Block()
                          .I32(0)
                          .Op(Opcode::BrIf, 0)
                          .End()
                          .I32(0)
                          .BrTable({0}, 0)
                          .End()
                          .Op(Opcode::Drop)
                          .Block(any)
                          .Heap(Opcode::RefNull, AbstractHeap::Eq)
                          .Op(Opcode::BrOnNonNull, 0)
                          .Op(Opcode::Unreachable)
                          .End()
                          .Op(Opcode::Drop));
  wasm::TypeStore types;
  Notes notes;
  const auto module = std::make_shared<const wasm::Module>(builder.module());
  ASSERT_TRUE(Validate(module, types, notes).has_value());
  EXPECT_EQ(notes.functions[0][4].height, 1u);  // br_if
  EXPECT_EQ(notes.functions[0][4].untouched, 1u);
  std::vector<uint32_t> at;
  for (const Widening& each : notes.widenings[0]) at.push_back(each.at);
  EXPECT_EQ(at, (std::vector<uint32_t>{7, 7, 12}));
}

}  // namespace
}  // namespace slabhound::valid
