// Engines that must not pass for ones that agree, and what is said of each. Workers are the hostile
// one (workers/hostile), which meets canaries as it meets other modules when it is told so.
#include "diff/canary.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace slabhound::diff {
namespace {

Result<CanaryReport, CanaryFailure> Send(const std::string& engine) {
  const auto spec = engine::ParseEngine(engine);
  EXPECT_TRUE(spec.has_value()) << engine;
  return SendCanary(*spec);
}

std::string Worker(std::string_view how) {
  return fmt::format(
      "worker:python3 " SLABHOUND_SOURCE_DIR "/src/workers/hostile/hostile_worker.py {}", how);
}

// What is said of it; and whether it died.
void ExpectFails(const std::string& engine, const std::string& text, bool died = false) {
  const auto report = Send(engine);
  ASSERT_FALSE(report.has_value()) << engine;
  EXPECT_NE(report.error().text.find(text), std::string::npos) << report.error().text;
  EXPECT_EQ(report.error().text.find('\n'), std::string::npos) << report.error().text;
  EXPECT_EQ(report.error().died, died) << engine;
}

TEST(Canary, EnginesOfThisProcessHaveNone) {
  EXPECT_TRUE(Send("oracle").has_value());
  EXPECT_TRUE(Send("slab").has_value());
}

TEST(Canary, AGoodWorkerPasses) {
  const auto report = Send(Worker("fine"));
  ASSERT_TRUE(report.has_value()) << report.error().text;
  EXPECT_TRUE(report->exceptions);
}

TEST(Canary, WorkersThatDoNot) {
  ExpectFails("worker:/no/such/program", "does not start");
  ExpectFails(Worker("abort"), "does not start: abort");
  ExpectFails(Worker("canary-refuses"), "a module that must return is refused: not today");
  ExpectFails(Worker("canary-fine"), "a module that must return logs wrong values");
  ExpectFails(Worker("canary-run-crash"), "ends its worker: crash: SIGSEGV", true);
  ExpectFails(Worker("canary-run-panic"), "ends its worker: id from different slab", true);
}

TEST(Canary, CommandsThatDoNot) {
  ExpectFails("command:true {}", "a module that must trap ends with exit code 0");
  ExpectFails("command:echo no; false {}", "a module that must return ends with exit code 1: no");
  ExpectFails("command:/no/such/program {}", "not found");
  ExpectFails("command:kill -SEGV $$; : {}", "ends in crash: SIGSEGV", true);
}

// The third module is the one with an exception.
TEST(Canary, ACommandWithoutExceptionsIsFoundOut) {
  const std::string engine =
      "command:python3 -c \"import sys, os; path = sys.argv[1] + '.count'; "
      "file = open(path, 'a+'); file.write('.'); n = file.tell(); n == 3 and os.remove(path); "
      "sys.exit(n != 1)\" {}";
  const auto report = Send(engine);
  ASSERT_TRUE(report.has_value()) << report.error().text;
  EXPECT_FALSE(report->exceptions);
}

}  // namespace
}  // namespace slabhound::diff
