// Generated cases are reproducible from their numbers, decode, and validate.
#include "gen/generate.h"

#include <gtest/gtest.h>

#include "gen/seeds.h"
#include "testcase/testcase.h"
#include "wasm/decode.h"

namespace slabhound::gen {
namespace {

TEST(Seeds, AllAreReadAndThereAreEnoughFamilies) { EXPECT_GE(Seeds().size(), 8u); }

TEST(Generate, IsAFunctionOfSeedAndNumber) {
  const Bytes first = Generate(MakeRecipe(3, 7));
  Generate(MakeRecipe(3, 8));
  EXPECT_EQ(first, Generate(MakeRecipe(3, 7)));
  EXPECT_NE(first, Generate(MakeRecipe(4, 7)));
}

TEST(Generate, ModulesDecodeAndExportFunctions) {
  size_t callable = 0;
  for (uint64_t number = 0; number < 100; ++number) {
    const auto module = wasm::Decode(Generate(MakeRecipe(1, number)));
    ASSERT_TRUE(module.has_value()) << number << ": " << module.error().Message();
    if (!testcase::DefaultPlan(*module).calls.empty()) ++callable;
  }
  EXPECT_GT(callable, 90u);
}

TEST(Generate, WithoutExceptionsNoneAreLeft) {
  for (uint64_t number = 0; number < 40; ++number) {
    const auto module = wasm::Decode(Generate(MakeRecipe(1, number, /*exceptions=*/false)));
    ASSERT_TRUE(module.has_value()) << number;
    EXPECT_TRUE(module->tags.empty()) << number;
    for (const wasm::Function& function : module->functions) {
      for (const wasm::Instr& instr : function.body.code) {
        EXPECT_NE(wasm::Info(instr.op).feature, wasm::Feature::Exceptions) << number;
      }
    }
  }
}

TEST(Generate, WithoutGcNoGcTypeIsLeft) {
  Recipe recipe = MakeRecipe(1, 0);
  recipe.parameters.gc = false;
  const auto module = wasm::Decode(Generate(recipe));
  ASSERT_TRUE(module.has_value());
  for (const wasm::SubType& type : module->types) {
    EXPECT_TRUE(std::holds_alternative<wasm::FuncType>(type.composite));
  }
}

}  // namespace
}  // namespace slabhound::gen
