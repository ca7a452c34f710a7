// What is encoded decodes to the same: each instruction with each of its immediates, each kind of
// type, each section.
#include "wasm/encode.h"

#include <gtest/gtest.h>

#include "wasm/builder.h"
#include "wasm/decode.h"
#include "wasm/fixture.h"

namespace slabhound::wasm {
namespace {

// Requires: well-formed.
Module Decoded(ByteSpan bytes) {
  auto module = Decode(bytes);
  EXPECT_TRUE(module.has_value()) << module.error().Message();
  return module ? *std::move(module) : Module{};
}

void ExpectSame(const Body& a, const Body& b) {
  ASSERT_EQ(a.code.size(), b.code.size());
  for (size_t i = 0; i < a.code.size(); ++i) {
    const Instr &x = a.code[i], &y = b.code[i];
    EXPECT_EQ(Info(x.op).name, Info(y.op).name);
    EXPECT_EQ(x.a, y.a) << Info(x.op).name;
    EXPECT_EQ(x.b, y.b) << Info(x.op).name;
    EXPECT_EQ(x.bits, y.bits) << Info(x.op).name;
  }
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.types, b.types);
  EXPECT_EQ(a.catches, b.catches);
}

TEST(Encode, EveryInstructionComesBack) {
  for (size_t i = 0; i < kOpcodeCount; ++i) {
    for (const uint32_t variant : {0u, 1u}) {
      ModuleBuilder builder;
      builder.Data("x");
      builder.Define(builder.Func({}, {}), {}, SampleCode(static_cast<Opcode>(i), variant));
      const Module module = Decoded(Encode(builder.module()));
      ASSERT_EQ(module.functions.size(), 1u) << AllOpcodes()[i].name;
      ExpectSame(module.functions[0].body, builder.module().functions[0].body);
    }
  }
}

TEST(Encode, EverySectionComesBack) {
  const Module before = Everything().module();
  const Module after = Decoded(Encode(before));
  EXPECT_EQ(after.types, before.types);
  ASSERT_EQ(after.rec_groups.size(), before.rec_groups.size());
  for (size_t i = 0; i < before.rec_groups.size(); ++i) {
    EXPECT_EQ(after.rec_groups[i].first, before.rec_groups[i].first);
    EXPECT_EQ(after.rec_groups[i].count, before.rec_groups[i].count);
    EXPECT_EQ(after.rec_groups[i].is_explicit, before.rec_groups[i].is_explicit);
  }
  ASSERT_EQ(after.imports.size(), before.imports.size());
  for (size_t i = 0; i < before.imports.size(); ++i) {
    EXPECT_EQ(after.imports[i].module, before.imports[i].module);
    EXPECT_EQ(after.imports[i].name, before.imports[i].name);
    EXPECT_EQ(after.imports[i].type, before.imports[i].type);
  }
  ASSERT_EQ(after.functions.size(), 1u);
  EXPECT_EQ(after.functions[0].type, before.functions[0].type);
  EXPECT_EQ(after.functions[0].locals, before.functions[0].locals);
  ASSERT_EQ(after.tables.size(), 2u);
  for (size_t i = 0; i < 2; ++i) EXPECT_EQ(after.tables[i].type, before.tables[i].type);
  EXPECT_FALSE(after.tables[0].init.has_value());
  ExpectSame(*after.tables[1].init, *before.tables[1].init);
  EXPECT_EQ(after.memories[0].type, before.memories[0].type);
  EXPECT_EQ(after.globals[0].type, before.globals[0].type);
  ExpectSame(after.globals[0].init, before.globals[0].init);
  EXPECT_EQ(after.tags[0].type, before.tags[0].type);
  ASSERT_EQ(after.exports.size(), before.exports.size());
  for (size_t i = 0; i < before.exports.size(); ++i) {
    EXPECT_EQ(after.exports[i].name, before.exports[i].name);
    EXPECT_EQ(after.exports[i].kind, before.exports[i].kind);
    EXPECT_EQ(after.exports[i].index, before.exports[i].index);
  }
  EXPECT_EQ(after.start, before.start);
  ASSERT_EQ(after.elems.size(), before.elems.size());
  for (size_t i = 0; i < before.elems.size(); ++i) {
    const ElemSegment &x = after.elems[i], &y = before.elems[i];
    EXPECT_EQ(x.mode, y.mode) << i;
    EXPECT_EQ(x.table, y.table) << i;
    EXPECT_EQ(x.type, y.type) << i;
    EXPECT_EQ(x.plain_functions, y.plain_functions) << i;
    ExpectSame(x.table_offset, y.table_offset);
    ASSERT_EQ(x.items.size(), y.items.size()) << i;
    for (size_t k = 0; k < x.items.size(); ++k) ExpectSame(x.items[k], y.items[k]);
  }
  ASSERT_EQ(after.datas.size(), before.datas.size());
  for (size_t i = 0; i < before.datas.size(); ++i) {
    EXPECT_EQ(after.datas[i].mode, before.datas[i].mode) << i;
    EXPECT_EQ(after.datas[i].memory, before.datas[i].memory) << i;
    EXPECT_EQ(after.datas[i].bytes, before.datas[i].bytes) << i;
    ExpectSame(after.datas[i].memory_offset, before.datas[i].memory_offset);
  }
  EXPECT_EQ(after.data_count, before.data_count);
  ASSERT_EQ(after.customs.size(), 2u);
  EXPECT_EQ(after.customs[0].name, "name");
  EXPECT_EQ(after.customs[0].bytes, before.customs[0].bytes);
}

TEST(Encode, IsAFixedPointOfDecoding) {
  const Bytes once = Encode(Everything().module());
  EXPECT_EQ(Encode(Decoded(once)), once);
}

TEST(Encode, DataCountIsWrittenExactlyWhenABodyNeedsIt) {
  ModuleBuilder with, without;
  for (ModuleBuilder* builder : {&with, &without}) builder->Data("x");
  with.Define(with.Func({}, {}), {}, Code().Op(Opcode::DataDrop, 0));
  EXPECT_EQ(Decoded(Encode(with.module())).data_count, 1u);
  EXPECT_EQ(Decoded(Encode(without.module())).data_count, std::nullopt);
}

TEST(Encode, EmptyModuleIsItsHeader) {
  EXPECT_EQ(Encode(Module{}), (Bytes{0, 'a', 's', 'm', 1, 0, 0, 0}));
}

TEST(Builder, AppendedCodeKeepsItsPools) {
  const Code first = Code().BrTable({1}, 2).SelectTyped({ValType::I32});
  const Code second = Code()
                          .BrTable({3, 4}, 5)
                          .SelectTyped({ValType::I64})
                          .TryTable({}, {{CatchKind::CatchAll, 0, 6}});
  const Code both = Code().Append(first).Append(second);
  const Body& body = both.raw();
  EXPECT_EQ(body.labels[body.code[2].a + body.code[2].b], 5u);
  EXPECT_EQ(body.types[body.code[3].a], ValType::I64);
  EXPECT_EQ(body.catches[body.code[4].b].label, 6u);
}

}  // namespace
}  // namespace slabhound::wasm
