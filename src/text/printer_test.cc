// What is printed reads back to the same module: each instruction with each of its immediates, each
// section, each kind of name and number. Modules are compared by their encoding.
#include <gtest/gtest.h>

#include "text/wat.h"
#include "wasm/encode.h"
#include "wasm/fixture.h"

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
