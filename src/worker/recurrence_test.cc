// Goal: it is told rightly whether a worker's failure happens again, and what it needs.
//
// Method: the hostile worker fails by what it ran before, or one time in k by a file.
#include "worker/recurrence.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace slabhound::worker {
namespace {

using trace::Recurs;

bool Crashes(const Result<WorkerRun, trace::Failure>& run) {
  return !run && trace::FailureText(run.error()) == "crash: SIGSEGV";
}

class RecurrenceTest : public testing::Test {
 protected:
  static trace::SentRun Sent(std::string how, size_t bytes = 8) {
    return {{.exports = {std::move(how)}}, Bytes(bytes)};
  }

  // Sends all of them to one worker, the last of which crashes, and looks into that.
  trace::Recurrence After(std::vector<trace::SentRun> sent, const RecurrenceLimits& limits = {}) {
    const trace::SentRun last = sent.back();
    for (const trace::SentRun& each : sent) {
      const auto run = engine_.Run(each.module, each.request);
      EXPECT_EQ(run.has_value(), &each != &sent.back());
    }
    const auto history = engine_.history();
    return Recur(engine_, {history.begin(), history.end()}, last, Crashes, limits);
  }

  ProcessEngine engine_{{"python3", SLABHOUND_SOURCE_DIR "/src/workers/hostile/hostile_worker.py"}};
};

TEST_F(RecurrenceTest, WhatFailsAloneNeedsNothing) {
  const trace::Recurrence found = After({Sent("fine"), Sent("crash")});
  EXPECT_EQ(RecursOf(found), Recurs::EveryTime);
  EXPECT_EQ(found.seen, 1u);
  EXPECT_EQ(found.tries, 1u);
  EXPECT_TRUE(found.history.empty());
}

TEST_F(RecurrenceTest, TheThirdRunNeedsTwoBeforeIt) {
  const trace::Recurrence found = After({Sent("fine", 1), Sent("echo", 2), Sent("third", 3)});
  EXPECT_EQ(RecursOf(found), Recurs::AfterOthers);
  EXPECT_EQ(found.seen, 3u);
  EXPECT_EQ(found.tries, 3u);
  EXPECT_TRUE(found.reduced);
  ASSERT_EQ(found.history.size(), 2u);
  EXPECT_EQ(found.history[0].module.size(), 1u);
  EXPECT_EQ(RequestText(found.history[1].request), RequestText({.id = 2, .exports = {"echo"}}));
  // And so it can be shown again.
  ASSERT_TRUE(Replay(engine_, found.history, DeadlineIn(std::chrono::seconds(10))));
  EXPECT_FALSE(engine_.Run(Bytes(3), {.exports = {"third"}}).has_value());
}

TEST_F(RecurrenceTest, WhatIsNotNeededIsDropped) {
  std::vector<trace::SentRun> sent(40, Sent("fine"));
  sent[27] = Sent("poison", 27);
  sent.push_back(Sent("poisoned"));
  const trace::Recurrence found = After(sent, {.time = std::chrono::minutes(1)});
  EXPECT_TRUE(found.reduced);
  ASSERT_EQ(found.history.size(), 1u);
  EXPECT_EQ(found.history[0].module.size(), 27u);
  EXPECT_EQ(found.history[0].request.id, 1u);
}

TEST_F(RecurrenceTest, WhatHappensNowAndThenIsCounted) {
  const TestFolder folder;
  for (const auto& [every, seen] : {std::pair("3", 3u), std::pair("1000", 0u)}) {
    const trace::SentRun flaky = Sent("one-in-" + std::string(every) + " " + folder.File(every));
    const trace::Recurrence found =
        Recur(engine_, {Sent("fine")}, flaky, Crashes, {.time = std::chrono::minutes(1)});
    EXPECT_EQ(found.tries, 10u);
    EXPECT_EQ(found.seen, seen);
    EXPECT_EQ(RecursOf(found), seen == 0 ? Recurs::NotReproduced : Recurs::NotEveryTime);
    EXPECT_TRUE(found.history.empty());
  }
}

TEST_F(RecurrenceTest, TheTimeIsForAllFailuresOfAKind) {
  const TestFolder folder;
  const trace::SentRun flaky = Sent("one-in-1000 " + folder.File("count"));
  std::chrono::steady_clock::duration spent{};
  const auto tries = [&] {
    const RecurrenceLimits limits{.time = std::chrono::seconds(2)};
    return RecurByKind(spent, engine_, {Sent("fine")}, flaky, Crashes, limits).tries;
  };
  // Each look starts ten workers until the time is used up.
  uint32_t last = 10;
  for (int look = 0; look < 200 && last > 4; ++look) last = tries();
  EXPECT_LE(last, 4u);
}

TEST_F(RecurrenceTest, NothingBeginsAfterTheTimeLimit) {
  const trace::Recurrence found =
      After({Sent("fine"), Sent("fine"), Sent("third")}, {.time = std::chrono::milliseconds(0)});
  EXPECT_EQ(found.seen, 0u);
  EXPECT_EQ(found.tries, 1u);
  EXPECT_EQ(RecursOf(found), Recurs::NotReproduced);
}

}  // namespace
}  // namespace slabhound::worker
