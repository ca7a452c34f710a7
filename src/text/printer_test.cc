// What is printed reads back to the same module: each instruction with each of its immediates, each
// section, each kind of name and number. Modules are compared by their encoding.
#include <gtest/gtest.h>

#include "text/wat.h"
#include "wasm/encode.h"
#include "wasm/fixture.h"
#include "wasm/names.h"

namespace slabhound::text {
namespace {

using wasm::Code;
using wasm::Module;
using wasm::ModuleBuilder;
using wasm::Opcode;
using wasm::ValType;

void ExpectReadsBack(const Module& module) {
  const std::string text = PrintModule(module);
  const auto read = ReadModule(text);
  ASSERT_TRUE(read.has_value()) << read.error().Message() << "\n" << text;
  EXPECT_EQ(wasm::Encode(*read), wasm::Encode(module)) << text;
}

TEST(Printer, EveryInstructionReadsBack) {
  for (size_t i = 0; i < wasm::kOpcodeCount; ++i) {
    SCOPED_TRACE(wasm::AllOpcodes()[i].name);
    for (const uint32_t variant : {0u, 1u}) {
      ModuleBuilder builder;
      builder.Data("x");
      builder.Define(builder.Func({}, {}), {}, wasm::SampleCode(static_cast<Opcode>(i), variant));
      ExpectReadsBack(builder.module());
    }
  }
}

TEST(Printer, EverySectionReadsBack) {
  Module module = wasm::Everything().module();
  module.data_count.reset();
  ExpectReadsBack(module);
}

TEST(Printer, EmptyModuleReadsBack) { ExpectReadsBack(Module{}); }

TEST(Printer, FloatsReadBackBitByBit) {
  for (const uint32_t bits : {0u, 1u, 0x007f'ffffu, 0x0080'0000u, 0x3dcc'cccdu, 0x7f7f'ffffu,
                              0x7f80'0000u, 0x7fc0'0000u, 0x7f80'0001u, 0x7fff'ffffu}) {
    for (const uint32_t sign : {0u, 0x8000'0000u}) {
      ModuleBuilder builder;
      builder.Global(ValType::F32, false, Code().Op(Opcode::F32Const, 0, 0, bits | sign));
      ExpectReadsBack(builder.module());
    }
  }
  for (const uint64_t bits :
       {uint64_t{0}, uint64_t{1}, uint64_t{0x000f'ffff'ffff'ffff}, uint64_t{0x0010'0000'0000'0000},
        uint64_t{0x3fb9'9999'9999'999a}, uint64_t{0x7fef'ffff'ffff'ffff},
        uint64_t{0x7ff0'0000'0000'0000}, uint64_t{0x7ff0'0000'0000'0001}}) {
    for (const uint64_t sign : {uint64_t{0}, uint64_t{1} << 63}) {
      ModuleBuilder builder;
      builder.Global(ValType::F64, false, Code().Op(Opcode::F64Const, 0, 0, bits | sign));
      ExpectReadsBack(builder.module());
    }
  }
}

TEST(Printer, EveryByteOfAStringReadsBack) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  ModuleBuilder builder;
  builder.Data(bytes);
  builder.Import(wasm::GlobalType{ValType::I32, false}, "\"\\\n", "sl\u00e4b\u2028");
  ExpectReadsBack(builder.module());
}

constexpr std::string_view kNamed = R"((module
  (type $node (;0;) (struct (field $value i32) (field $next (mut (ref null $node)))))
  (type $visit (;1;) (func (param i32 (ref $node)) (result i32)))
  (type (;2;) (func))
  (import "m" "log" (func $log (type 2)))
  (table $nodes 1 (ref null $node))
  (memory $bytes 1)
  (tag $found (type 2))
  (global $count (mut i32) i32.const 0)
  (export "visit" (func $visit))
  (start $log)
  (elem $items (ref null $node) (item ref.null $node))
  (func $visit (;1;) (type $visit) (param $depth i32) (param (ref $node)) (result i32)
    (local $at (ref null $node)) (local i32 i64)
    local.get $depth
    global.set $count
    local.get 1
    struct.get $node $next
    local.set $at
    i32.const 0
    i32.const 0
    i32.const 0
    table.init $nodes $items
    block (result (ref $node))
      local.get $at
      br_on_cast 0 (ref null $node) (ref $node)
      throw $found
    end
    call $visit
  )
  (data $text (memory 0) (offset i32.const 0) "x")
)
)";

TEST(Printer, NamesAreIdentifiers) {
  const auto module = ReadModule(kNamed);
  ASSERT_TRUE(module.has_value()) << module.error().Message();
  std::string expected(kNamed);
  const std::string_view zero = "(memory 0)";
  expected.replace(expected.find(zero), zero.size(), "(memory $bytes)");
  EXPECT_EQ(PrintModule(*module), expected);
  ExpectReadsBack(*module);
}

TEST(Printer, NamesThatAreNoIdentifiersOrTakenAreIndices) {
  ModuleBuilder builder;
  for (int i = 0; i < 3; ++i) builder.Global(ValType::I32, false, Code().I32(i));
  Module module = builder.module();
  wasm::Names names;
  names.of(wasm::IndexSpace::Global) = {{0, "same"}, {1, "same"}, {2, "a b"}};
  module.names = std::make_shared<const wasm::Names>(names);
  const std::string text = PrintModule(module);
  EXPECT_NE(text.find("(global $same i32 i32.const 0)"), std::string::npos) << text;
  EXPECT_NE(text.find("(global i32 i32.const 1)"), std::string::npos) << text;
  EXPECT_NE(text.find("(global i32 i32.const 2)"), std::string::npos) << text;
  ExpectReadsBack(module);
}

TEST(Printer, IndentsByNesting) {
  ModuleBuilder builder;
  builder.Define(builder.Func({}), {}, Code().Block().Loop().Op(Opcode::Br, 1).End().End());
  EXPECT_EQ(PrintModule(builder.module()),
            "(module\n"
            "  (type (;0;) (func))\n"
            "  (func (;0;) (type 0)\n"
            "    block\n"
            "      loop\n"
            "        br 1\n"
            "      end\n"
            "    end\n"
            "  )\n"
            ")\n");
}

}  // namespace
}  // namespace slabhound::text
