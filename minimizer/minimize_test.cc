// The loop itself: errors, fix-point, determinism, bounds; and that whatever a reducer proposes
// reaches the predicate as a valid module.
#include "minimizer/minimize.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/hash.h"
#include "minimizer/case.h"
#include "minimizer/reducer.h"
#include "valid/valid_module.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::minimizer {
namespace {

using testcase::TestCase;
using wasm::Opcode;

TEST(Minimize, AnUninterestingInputIsAnError) {
  const auto result = Minimize(SeedCase("pool"), [](const TestCase&) { return false; });
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, FailureKind::NotInteresting);
}

TEST(Minimize, APredicateThatAcceptsTheEmptyModuleIsAnError) {
  const auto result = Minimize(SeedCase("pool"), [](const TestCase&) { return true; });
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, FailureKind::EmptyIsInteresting);
}

TEST(Minimize, AnInvalidModuleIsAnError) {
  TestCase input;
  input.module.start = 7;
  const auto result = Minimize(input, [](const TestCase&) { return true; });
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, FailureKind::Invalid);
}

bool KeepsArrayNew(const TestCase& test_case) {
  return Contains(test_case.module, Opcode::ArrayNew) && !test_case.plan.calls.empty();
}

TEST(Minimize, ReachesAFixPointFromWhichNothingShrinks) {
  const auto first = Minimize(SeedCase("loop_cast_call"), KeepsArrayNew);
  ASSERT_TRUE(first.has_value());
  EXPECT_TRUE(first->complete);
  EXPECT_TRUE(KeepsArrayNew(first->test_case));
  const auto second = Minimize(first->test_case, KeepsArrayNew);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(testcase::WriteTestCase(second->test_case), testcase::WriteTestCase(first->test_case));
}

TEST(Minimize, VectorsAndLegacyExceptionsShrink) {
  const TestCase input = CaseOf(R"((module
      (tag $t (param v128))
      (global $g (export "g") (mut v128) (v128.const i64x2 1 2))
      (func (export "f") (param v128) (result v128)
        (try (result v128)
          (do (throw $t (i8x16.add (local.get 0) (v128.const i64x2 0 3))))
          (catch $t (global.set $g) (rethrow 0))
          (catch_all (v128.const i32x4 0 0 0 9))))))");
  const auto result = Minimize(input, [](const TestCase& each) {
    return Contains(each.module, Opcode::Throw) && !each.plan.calls.empty();
  });
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_TRUE(result->complete);
  for (const Opcode gone : {Opcode::LegacyTry, Opcode::TryTable, Opcode::I8x16Add}) {
    EXPECT_FALSE(Contains(result->test_case.module, gone)) << wasm::Info(gone).name;
  }
  EXPECT_TRUE(result->test_case.module.globals.empty())
      << text::PrintModule(result->test_case.module);
}

TEST(Minimize, CountsOfCandidatesAreBounded) {
  for (const uint64_t bound : {0u, 1u, 10u}) {
    uint64_t calls = 0;
    const auto predicate = [&](const TestCase& test_case) {
      ++calls;
      return KeepsArrayNew(test_case);
    };
    const auto result =
        Minimize(SeedCase("loop_cast_call"), predicate, {.candidates_max = bound, .stop = {}});
    ASSERT_TRUE(result.has_value());
    EXPECT_FALSE(result->complete);
    EXPECT_LE(result->counts.candidates, bound);
    EXPECT_LE(calls, bound + 2);  // the input and the empty module
  }
}

TEST(Minimize, TheStopCheckEndsItWithTheBestSoFar) {
  int left = 50;
  const auto result = Minimize(SeedCase("loop_cast_call"), KeepsArrayNew,
                               {.candidates_max = 1000, .stop = [&] { return --left < 0; }});
  ASSERT_TRUE(result.has_value());
  EXPECT_FALSE(result->complete);
  EXPECT_GT(result->counts.accepted, 0u);
  EXPECT_TRUE(KeepsArrayNew(result->test_case));
}

TEST(Minimize, AccountsSumUpToTheCounts) {
  const auto result = Minimize(SeedCase("loop_cast_call"), KeepsArrayNew);
  ASSERT_TRUE(result.has_value());
  Counts sum;
  for (const Account& account : result->accounts) sum += account.counts;
  EXPECT_EQ(sum.proposed, result->counts.proposed);
  EXPECT_EQ(sum.candidates, result->counts.candidates);
  EXPECT_EQ(sum.invalid, result->counts.invalid);
  EXPECT_EQ(sum.accepted, result->counts.accepted);
}

TEST(Minimize, TellsEachStepThatWasAccepted) {
  const TestCase input = SeedCase("loop_cast_call");
  uint64_t steps = 0, bytes = UINT64_MAX;
  Bytes last;
  const auto accepted = [&](const Step& step) {
    ++steps;
    EXPECT_LE(step.bytes_before, bytes);
    EXPECT_LE(step.bytes, step.bytes_before);
    bytes = step.bytes;
    last = wasm::Encode(step.test_case.module);
  };
  const auto result = Minimize(input, KeepsArrayNew, {.accepted = accepted});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(steps, result->counts.accepted);
  EXPECT_EQ(last, wasm::Encode(result->test_case.module));
}

TEST(Minimize, WhatFailsForAnotherCauseIsCounted) {
  const auto predicate = [](const TestCase& each) -> Answer {
    if (!KeepsArrayNew(each)) return false;
    return Contains(each.module, Opcode::RefCast) ? Outcome::Interesting : Outcome::Slipped;
  };
  const auto result = Minimize(SeedCase("loop_cast_call"), predicate);
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(Contains(result->test_case.module, Opcode::RefCast));
  EXPECT_GT(result->counts.slipped, 0u);
  EXPECT_LT(result->counts.slipped, result->counts.candidates);
}

// What the predicate sees, checked, and a hash of it all.
class Watch {
 public:
  // Accepts one in `one_in` candidates, chosen by content; 0: none.
  explicit Watch(uint64_t one_in) : one_in_(one_in) {}

  bool operator()(const TestCase& test_case) {
    if (test_case.module.functions.empty()) return false;
    const Bytes bytes = testcase::WriteTestCase(test_case);
    const uint64_t hash = HashBytes(bytes);
    hash_ = HashCombine(hash_, hash);
    auto decoded = wasm::Decode(bytes);
    EXPECT_TRUE(decoded.has_value());
    if (decoded) {
      wasm::TypeStore types;
      const auto module = std::make_shared<const wasm::Module>(*std::move(decoded));
      const auto valid = valid::Validate(module, types);
      EXPECT_TRUE(valid.has_value()) << valid.error().Message();
    }
    return first_-- > 0 || (one_in_ != 0 && hash % one_in_ == 0);
  }
  uint64_t hash() const { return hash_; }

 private:
  uint64_t one_in_, hash_ = 0;
  int first_ = 1;  // the input is interesting
};

class EverySeed : public testing::TestWithParam<std::string_view> {};

TEST_P(EverySeed, EveryCandidateOfEveryReducerIsValidAndTheSameEachTime) {
  for (const uint64_t one_in : {0u, 2u, 5u}) {
    uint64_t hashes[2];
    for (uint64_t& hash : hashes) {
      Watch watch(one_in);
      const auto result = Minimize(SeedCase(std::string(GetParam())), std::ref(watch));
      ASSERT_TRUE(result.has_value()) << result.error().message;
      hash = watch.hash();
    }
    EXPECT_EQ(hashes[0], hashes[1]);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, EverySeed, testing::ValuesIn(kSeedNames),
                         [](const auto& each) { return std::string(each.param); });

constexpr std::string_view kLegacy = R"((module
  (tag $t (param i32 i64))
  (func $f (param i32) (throw $t (local.get 0) (i64.const 2)))
  (func (export "run") (param i32) (result i32) (local i64)
    (drop (i32.const 99))
    try (result i32)
      local.get 0
      call $f
      try
        (call $f (i32.const 8))
        (br_if 1 (i32.const 5) (local.get 0))
        drop
      delegate 0
      i32.const 7
    catch $t
      local.set 1
      i32.const 3
      i32.add
    catch_all
      (call $f (i32.const 8))
      rethrow 0
    end)))";

TEST(Minimize, LegacyExceptionsThatAreAskedForStay) {
  const auto has = [](const TestCase& c) {
    return Contains(c.module, Opcode::LegacyCatch) && Contains(c.module, Opcode::Delegate);
  };
  const auto result = Minimize(CaseOf(kLegacy), has);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_TRUE(result->complete);
  EXPECT_TRUE(has(result->test_case));
  EXPECT_LE(wasm::Encode(result->test_case.module).size(), 60u);
}

TEST(Minimize, LegacyExceptionsThatNeedNotStayAreLowered) {
  const auto has = [](const TestCase& c) {
    return Contains(c.module, Opcode::LegacyCatch) || Contains(c.module, Opcode::TryTable);
  };
  const auto result = Minimize(CaseOf(kLegacy), has);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_TRUE(Contains(result->test_case.module, Opcode::TryTable));
}

TEST(Minimize, EveryCandidateWithLegacyExceptionsIsValid) {
  for (const uint64_t one_in : {0u, 2u, 5u, 9u}) {
    Watch watch(one_in);
    const auto result = Minimize(CaseOf(kLegacy), std::ref(watch));
    ASSERT_TRUE(result.has_value()) << result.error().message;
  }
}

TEST(Reducers, HaveNamesOfTheirOwn) {
  for (const Reducer& reducer : AllReducers()) {
    EXPECT_EQ(FindReducer(reducer.name)->run, reducer.run) << reducer.name;
    EXPECT_FALSE(reducer.description.empty());
  }
  EXPECT_EQ(FindReducer("none"), nullptr);
}

}  // namespace
}  // namespace slabhound::minimizer
