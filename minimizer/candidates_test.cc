// Goal: whatever a reducer proposes for a generated module reaches the predicate as a module that
// encodes, decodes and validates.
//
// Method: each reducer alone on 50 modules of Binaryen's. A predicate that accepts one candidate in
// eight, by content, takes it through forms that no real finding would.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "gen/generate.h"
#include "minimizer/reducer.h"
#include "valid/valid_module.h"
#include "wasm/decode.h"

namespace slabhound::minimizer {
namespace {

constexpr uint64_t kModules = 50;
constexpr uint64_t kCandidatesMax = 80;  // of one reducer on one module

std::string Problem(const testcase::TestCase& test_case) {
  auto module = wasm::Decode(testcase::WriteTestCase(test_case));
  if (!module) return module.error().Message();
  auto decoded = testcase::MakeTestCase(*std::move(module));
  if (!decoded) return decoded.error().message;
  if (decoded->plan != test_case.plan) return "another plan";
  wasm::TypeStore types;
  const auto valid =
      valid::Validate(std::make_shared<const wasm::Module>(std::move(decoded->module)), types);
  return valid ? "" : valid.error().Message();
}

TEST(Candidates, OfGeneratedModulesDecodeAndValidate) {
  Counts counts;
  for (uint64_t number = 0; number < kModules; ++number) {
    auto module = wasm::Decode(gen::Generate(gen::MakeRecipe(11, number)));
    ASSERT_TRUE(module.has_value()) << module.error().Message();
    const auto input = testcase::MakeTestCase(*std::move(module));
    ASSERT_TRUE(input.has_value()) << input.error().message;
    for (const Reducer& reducer : AllReducers()) {
      const Predicate predicate = [&](const testcase::TestCase& candidate) {
        const std::string problem = Problem(candidate);
        EXPECT_EQ(problem, "") << reducer.name << " on module " << number;
        return HashBytes(testcase::WriteTestCase(candidate)) % 8 == 0;
      };
      const Options options{.candidates_max = kCandidatesMax, .stop = {}};
      Reduction reduction(*input, predicate, options);
      reducer.run(reduction);
      counts += reduction.counts();
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(counts.candidates, 10'000u);
  EXPECT_GT(counts.accepted, 1'000u);
}

}  // namespace
}  // namespace slabhound::minimizer
