// Goal: whatever a reducer proposes for a generated module reaches the predicate as a module that
// encodes, decodes and validates.
//
// Method: each reducer alone on 50 modules of Binaryen's. A predicate that accepts one candidate in
// eight, by content, takes it through forms that no real finding would.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/hash.h"
#include "gen/generate.h"
#include "minimizer/case.h"
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

// What is asked for: some instructions, one in five of those that the input has, in pairs. Nearly
// all that is proposed then is valid by the way it is made.
TEST(Candidates, AreSeldomInvalid) {
  constexpr size_t kEachNth = 5, kApart = 7;
  Counts counts;
  for (const std::string_view name : kSeedNames) {
    const testcase::TestCase input = SeedCase(std::string(name));
    std::vector<wasm::Opcode> ops;
    for (const wasm::Function& function : input.module.functions) {
      for (const wasm::Instr& instr : function.body.code) {
        if (std::ranges::find(ops, instr.op) == ops.end()) ops.push_back(instr.op);
      }
    }
    for (size_t i = 0; i < ops.size(); i += kEachNth) {
      const Predicate predicate = [&](const testcase::TestCase& each) {
        return !each.plan.calls.empty() && Contains(each.module, ops[i]) &&
               Contains(each.module, ops[(i + kApart) % ops.size()]);
      };
      const auto result = Minimize(input, predicate);
      ASSERT_TRUE(result.has_value()) << result.error().message;
      counts += result->counts;
    }
  }
  EXPECT_GT(counts.candidates, 1'000u);
  EXPECT_LE(20 * counts.invalid, counts.proposed) << counts.invalid << " of " << counts.proposed;
}

}  // namespace
}  // namespace slabhound::minimizer
