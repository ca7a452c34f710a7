// Generated cases are reproducible from their numbers, decode, and validate.
#include "gen/generate.h"

#include <gtest/gtest.h>

#include "gen/seeds.h"
#include "testcase/plan_text.h"
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

TEST(Generate, CasesSurviveTheirText) {
  for (uint64_t number = 0; number < 100; ++number) {
    auto test_case = testcase::ReadTestCase(Generate(MakeRecipe(1, number)));
    ASSERT_TRUE(test_case.has_value()) << number;
    test_case->module.data_count.reset();  // one that nothing needs has no text
    if (number % 2 == 1) test_case->plan = testcase::DefaultPlan(test_case->module, number);
    if (number % 4 == 3) test_case->plan.budgets = testcase::kGeneratedBudgets;
    if (number % 8 == 7) test_case->plan.calls.resize(test_case->plan.calls.size() / 2);
    const std::string text = testcase::PrintTestCase(*test_case);
    const auto read = testcase::ReadTestCaseText(text);
    ASSERT_TRUE(read.has_value()) << number << ": " << read.error();
    EXPECT_EQ(read->plan, test_case->plan) << number;
    EXPECT_EQ(testcase::WriteTestCase(*read), testcase::WriteTestCase(*test_case)) << number;
  }
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

TEST(Generate, TheBaselineIsBinaryenAlone) {
  for (uint64_t number = 0; number < 40; ++number) {
    const Recipe recipe = MakeRecipe(1, number, /*exceptions=*/true, Generator::Baseline);
    EXPECT_EQ(recipe.template_index, -1);
    EXPECT_FALSE(recipe.huge_count.has_value());
    EXPECT_NE(recipe.input, MakeRecipe(1, number).input);
    const auto module = wasm::Decode(Generate(recipe));
    ASSERT_TRUE(module.has_value()) << number << ": " << module.error().Message();
    // Nothing that only templates have.
    for (const wasm::Import& import : module->imports) EXPECT_NE(import.module, "slabhound");
  }
}

TEST(Generate, GeneratorsHaveNames) {
  for (const Generator generator : kGenerators) {
    EXPECT_EQ(FindGenerator(GeneratorName(generator)), generator);
  }
  EXPECT_EQ(FindGenerator("slab"), std::nullopt);
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
