// Goal: however many candidates the predicate looks at at a time, the same are accepted; and what
// gives no answer is told apart.
//
// Method: a predicate whose answers come after some looks, later ones first.
#include <gtest/gtest.h>

#include <memory>

#include "base/hash.h"
#include "minimizer/case.h"

namespace slabhound::minimizer {
namespace {

using testcase::TestCase;

// What the questions of one predicate share.
struct Desk {
  uint32_t open = 0, open_max = 0;
  uint64_t asked = 0;
};

class SlowQuestion : public Question {
 public:
  SlowQuestion(Desk& desk, Outcome outcome) : desk_(desk), outcome_(outcome) {
    looks_ = 5 - ++desk_.asked % 5;
    desk_.open_max = std::max(desk_.open_max, ++desk_.open);
  }
  SlowQuestion(const SlowQuestion&) = delete;
  SlowQuestion& operator=(const SlowQuestion&) = delete;
  ~SlowQuestion() override { --desk_.open; }
  std::optional<Outcome> Wait(Deadline) override {
    if (looks_ > 0 && looks_-- > 0) return std::nullopt;
    return outcome_;
  }

 private:
  Desk& desk_;
  Outcome outcome_;
  uint64_t looks_ = 0;
};

bool KeepsArrayNew(const TestCase& test_case) {
  return Contains(test_case.module, wasm::Opcode::ArrayNew);
}

TEST(Jobs, AcceptTheSameCandidates) {
  const TestCase input = SeedCase("loop_cast_call");
  const auto expected = Minimize(input, KeepsArrayNew);
  ASSERT_TRUE(expected.has_value());
  for (const uint32_t jobs : {1u, 2u, 7u}) {
    Desk desk;
    const Predicate predicate = [&](const TestCase& candidate) {
      return Answer(std::make_unique<SlowQuestion>(
          desk, KeepsArrayNew(candidate) ? Outcome::Interesting : Outcome::NotInteresting));
    };
    const auto result = Minimize(input, predicate, {.jobs = jobs});
    ASSERT_TRUE(result.has_value());
    EXPECT_TRUE(result->complete);
    EXPECT_EQ(testcase::WriteTestCase(result->test_case),
              testcase::WriteTestCase(expected->test_case));
    EXPECT_EQ(result->counts.candidates, expected->counts.candidates);
    EXPECT_EQ(result->counts.accepted, expected->counts.accepted);
    EXPECT_EQ(desk.open, 0u);
    EXPECT_LE(desk.open_max, jobs);
    EXPECT_EQ(desk.open_max > 1, jobs > 1);
  }
}

TEST(Jobs, CandidatesWithoutAnAnswerAreCounted) {
  const Predicate predicate = [](const TestCase& candidate) -> Answer {
    if (KeepsArrayNew(candidate)) return true;
    return HashBytes(testcase::WriteTestCase(candidate)) % 2 == 0 ? Outcome::TimedOut
                                                                  : Outcome::NotStarted;
  };
  const auto result = Minimize(SeedCase("loop_cast_call"), predicate);
  ASSERT_TRUE(result.has_value());
  const Counts& counts = result->counts;
  EXPECT_GT(counts.timed_out, 0u);
  EXPECT_GT(counts.not_started, 0u);
  EXPECT_EQ(counts.accepted + counts.timed_out + counts.not_started, counts.candidates);
}

TEST(Jobs, TheFirstLookSaysWhatIsWrong) {
  const auto failure = [](Outcome outcome) {
    const auto result = Minimize(SeedCase("pool"), [=](const TestCase&) { return outcome; });
    EXPECT_FALSE(result.has_value());
    return result.error().kind;
  };
  EXPECT_EQ(failure(Outcome::TimedOut), FailureKind::TimedOut);
  EXPECT_EQ(failure(Outcome::NotStarted), FailureKind::NotStarted);
  EXPECT_EQ(failure(Outcome::NotInteresting), FailureKind::NotInteresting);
}

// Ctrl-C while the predicate looks at the input for the first time.
TEST(Jobs, WithoutTimeForTheFirstLookTheInputIsLeft) {
  Desk desk;
  const Predicate predicate = [&](const TestCase&) {
    return Answer(std::make_unique<SlowQuestion>(desk, Outcome::NotInteresting));
  };
  const TestCase input = SeedCase("pool");
  const auto result = Minimize(input, predicate, {.stop = [] { return true; }});
  ASSERT_TRUE(result.has_value());
  EXPECT_FALSE(result->complete);
  EXPECT_EQ(testcase::WriteTestCase(result->test_case), testcase::WriteTestCase(input));
}

}  // namespace
}  // namespace slabhound::minimizer
