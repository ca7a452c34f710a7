#include "gen/huge_count.h"

#include <gtest/gtest.h>

#include <set>

#include "gen/generate.h"
#include "testcase/prepared.h"
#include "text/wat.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::gen {
namespace {

using wasm::Opcode;

constexpr std::string_view kSource = R"((module
    (type $longs (array (mut i64)))
    (type $bytes (array (mut i8)))
    (func (export "f") (param $n i32)
      (drop (array.new_default $longs (i32.const 5)))
      (drop (array.new_default $bytes (i32.const 5)))
      (drop (array.new_default $longs (local.get $n)))
      (array.fill $longs (array.new $longs (i64.const 1) (local.get $n)) (i32.const 0) (i64.const 2)
        (i32.const 5)))))";

Bytes Encoded(std::string_view source) {
  const auto module = text::ReadModule(source);
  EXPECT_TRUE(module.has_value());
  return wasm::Encode(*module);
}

TEST(HugeCount, OneConstantCountBecomesHuge) {
  const Bytes module = Encoded(kSource);
  std::set<Opcode> users;
  std::set<uint64_t> counts;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Bytes huge = WithHugeCount(module, Rng(seed));
    EXPECT_EQ(huge, WithHugeCount(module, Rng(seed)));
    auto decoded = wasm::Decode(huge);
    ASSERT_TRUE(decoded.has_value());
    const auto& code = decoded->functions[0].body.code;
    size_t found = 0;
    for (size_t i = 0; i + 1 < code.size(); ++i) {
      if (code[i].op != Opcode::I32Const || code[i].bits < 1000) continue;
      ++found;
      users.insert(code[i + 1].op);
      counts.insert(code[i].bits);
      const bool bytes = code[i + 1].op == Opcode::ArrayNewDefault && code[i + 1].a == 1;
      EXPECT_TRUE(!bytes || code[i].bits >= 0x8000'0000) << "an array that an engine may well make";
    }
    EXPECT_EQ(found, 1u) << seed;
  }
  EXPECT_EQ(users, (std::set{Opcode::ArrayNewDefault, Opcode::ArrayFill}));
  EXPECT_EQ(counts.size(), 8u);
}

TEST(HugeCount, WithoutSuchACountTheModuleStays) {
  const Bytes module = Encoded("(module (func (export \"f\") (result i32) (i32.const 5)))");
  EXPECT_EQ(WithHugeCount(module, Rng(1)), module);
  EXPECT_EQ(WithHugeCount({1, 2, 3}, Rng(1)), (Bytes{1, 2, 3}));
}

TEST(HugeCount, SomeCasesAskAndAllAreValid) {
  size_t asking = 0;
  for (uint64_t number = 0; number < 2'000; ++number) {
    Recipe recipe = MakeRecipe(5, number);
    if (!recipe.huge_count) continue;
    const Bytes huge = Generate(recipe);
    recipe.huge_count.reset();
    if (Generate(recipe) == huge) continue;
    ++asking;
    auto test_case = testcase::ReadTestCase(huge);
    ASSERT_TRUE(test_case.has_value());
    EXPECT_TRUE(testcase::Prepare(*std::move(test_case)).has_value()) << number;
  }
  EXPECT_GE(asking, 30u);
  EXPECT_LE(asking, 2'000 / kHugeCountIn * 2);
}

}  // namespace
}  // namespace slabhound::gen
