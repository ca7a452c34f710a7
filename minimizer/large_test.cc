// Goal: of a module as large as real programs, most goes in few candidates, wherever what is asked
// for stands.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "minimizer/case.h"
#include "wasm/encode.h"

namespace slabhound::minimizer {
namespace {

using testcase::TestCase;

// Functions that are called from a table of methods and call the one before; a long data segment;
// names.
TestCase LargeCase() {
  std::string text = "(module (type $f (func (param i32) (result i32)))\n";
  constexpr int kFunctions = 600;
  text += fmt::format("(type $v (struct {}))\n", [] {
    std::string fields;
    for (int i = 0; i < kFunctions; ++i) fields += "(field (ref null $f))";
    return fields;
  }());
  std::string methods;
  for (int i = 0; i < kFunctions; ++i) methods += fmt::format("(ref.func {})", i);
  text += fmt::format("(global $methods (ref $v) (struct.new $v {}))\n", methods);
  for (int i = 0; i < kFunctions; ++i) {
    text += "(func (type $f)";
    for (int k = 0; k < 30; ++k) {
      text += fmt::format("(local.set 0 (i32.add (local.get 0) (i32.const {})))", 1'000'000 + i);
    }
    text += fmt::format("(call {} (local.get 0)))\n", i == 0 ? 0 : i - 1);
  }
  text += "(func (export \"main\") (result i32) (call 7 (i32.const 1)))\n(data \"";
  for (int i = 0; i < 30'000; ++i) text += static_cast<char>('a' + i % 23);
  text += "NEEDLE";
  for (int i = 0; i < 30'000; ++i) text += static_cast<char>('a' + i % 19);
  text += "\"))";
  return CaseOf(text);
}

bool Has(const TestCase& test_case, std::string_view text) {
  return AsText(wasm::Encode(test_case.module)).find(text) != std::string_view::npos;
}

TEST(Large, BytesOfADataSegmentGo) {
  const TestCase input = LargeCase();
  ASSERT_GT(wasm::Encode(input.module).size(), 150'000u);
  const auto result = Minimize(input, [](const TestCase& c) { return Has(c, "NEEDLE"); });
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_TRUE(result->complete);
  EXPECT_LE(wasm::Encode(result->test_case.module).size(), 20u);
  EXPECT_LE(result->counts.candidates, 150u);
}

// Two constants of functions that nothing needs to reach.
TEST(Large, FunctionsThatNothingReachesStayWhereTheyAreAskedFor) {
  const auto constant = [](uint32_t value) {
    wasm::Instr instr{.op = wasm::Opcode::I32Const, .bits = value};
    return [instr](const TestCase& test_case) {
      for (const wasm::Function& function : test_case.module.functions) {
        for (const wasm::Instr& each : function.body.code) {
          if (each.op == instr.op && each.bits == instr.bits) return true;
        }
      }
      return false;
    };
  };
  const auto first = constant(1'000'111), second = constant(1'000'555);
  const auto result =
      Minimize(LargeCase(), [&](const TestCase& c) { return first(c) && second(c); });
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_TRUE(result->complete);
  EXPECT_LE(wasm::Encode(result->test_case.module).size(), 60u);
  EXPECT_LE(result->counts.candidates, 600u);
}

// The names section and an export's name.
TEST(Large, NamesThatAreAskedForGoInPart) {
  TestCase input = LargeCase();
  Bytes names(5'000, 'n');
  for (const char c : std::string_view("Pattern")) names.push_back(static_cast<uint8_t>(c));
  names.resize(10'000, 'm');
  input.module.customs.push_back({"name", names});
  const auto result =
      Minimize(input, [](const TestCase& c) { return Has(c, "Pattern") && Has(c, "ai"); });
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_LE(wasm::Encode(result->test_case.module).size(), 46u);
}

}  // namespace
}  // namespace slabhound::minimizer
