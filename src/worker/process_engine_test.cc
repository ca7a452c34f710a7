#include "worker/process_engine.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "base/file.h"
#include "base/test_folder.h"

namespace slabhound::worker {
namespace {

using std::chrono::milliseconds;

std::vector<std::string> Worker(std::string how = {}) {
  std::vector<std::string> command = {
      "python3", std::string(SLABHOUND_SOURCE_DIR) + "/src/workers/hostile/hostile_worker.py"};
  if (!how.empty()) command.push_back(std::move(how));
  return command;
}

// What comes of asking a worker to behave like this: its first logged value, or its failure.
std::string Ask(ProcessEngine& engine, std::string how, size_t module_bytes = 8) {
  const auto run = engine.Run(Bytes(module_bytes), {.exports = {std::move(how)}});
  return run ? std::to_string(run->calls.at(0).log.at(0)) : trace::FailureText(run.error());
}

class HostileWorker : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(HostileWorker, IsContainedAndItsCauseNamed) {
  const auto& [how, signature] = GetParam();
  const bool endless = std::string_view(signature) == "timeout";
  ProcessEngine engine(
      Worker(), {.run_time = milliseconds(endless ? 300 : 20'000), .data_bytes_max = 512u << 20});
  ASSERT_TRUE(engine.Start().has_value());
  EXPECT_EQ(Ask(engine, how), signature);
  EXPECT_EQ(Ask(engine, "count"), "1");  // a fresh worker runs the next module
  EXPECT_EQ(engine.workers_started(), 2u);
}

INSTANTIATE_TEST_SUITE_P(
    Ways, HostileWorker,
    testing::Values(std::pair("crash", "crash: SIGSEGV"), std::pair("abort", "abort"),
                    std::pair("panic", "id from different slab"), std::pair("exit", "exit: code 3"),
                    std::pair("hang", "timeout"), std::pair("burn", "timeout"),
                    std::pair("flood", "timeout"), std::pair("allocate", "out of memory"),
                    std::pair("garbage", "garbage"), std::pair("long", "garbage"),
                    std::pair("wrong-id", "garbage"), std::pair("log", "garbage"),
                    std::pair("closed", "garbage"), std::pair("fork", "exit: code 4")));

// The memory is never touched: the limit is on what a process reserves, and the machine is shared.
TEST(ProcessEngine, FourGigabytesAreTheDefaultLimit) {
  ProcessEngine engine(Worker());
  const auto run = engine.Run(Bytes(8), {.exports = {"reserve"}});
  ASSERT_FALSE(run.has_value());
  EXPECT_EQ(trace::FailureText(run.error()), "out of memory");
  const size_t at = run.error().detail.find("after ");
  ASSERT_NE(at, std::string::npos) << run.error().detail;
  const int megabytes = std::atoi(run.error().detail.c_str() + at + 6);
  EXPECT_GT(megabytes, 3'900);
  EXPECT_LE(megabytes, 4'096);
}

TEST(ProcessEngine, ADaemonDoesNotOutliveItsWorker) {
  const TestFolder folder;
  const std::string file = folder.File("pid");
  ProcessEngine engine(Worker());
  EXPECT_EQ(Ask(engine, "daemon " + file), "crash: SIGSEGV");
  const auto number = ReadFile(file, 100);
  ASSERT_TRUE(number.has_value());
  const pid_t daemon = std::atoi(std::string(AsText(*number)).c_str());
  ASSERT_GT(daemon, 0);
  EXPECT_NE(kill(daemon, 0), 0);
}

// What asking for it with progress comes to, with 300 ms of the CPU.
std::string Timed(const std::string& how) {
  ProcessEngine engine(Worker(), {.run_time = milliseconds(300)});
  EXPECT_TRUE(engine.Start().has_value());
  const auto run = engine.Run(Bytes(8), {.exports = {how}, .progress = true});
  if (run) return "fine";
  return trace::FailureText(run.error()) + ", " + run.error().detail;
}

TEST(ProcessEngine, WhatTakesTooLongIsToldApart) {
  EXPECT_EQ(Timed("compiles 60"), "slow compile, in compilation: more than 0.3 s of CPU time");
  EXPECT_EQ(Timed("burn"), "timeout, in burn: more than 0.3 s of CPU time");
  EXPECT_EQ(Timed("hang"), "timeout, in hang: no progress for 0.3 s");
  EXPECT_EQ(Timed("compiles 0.2 drowsy 0.2"), "fine") << "each has the whole time";
}

TEST(ProcessEngine, TimeIsOfTheCpu) {
  ProcessEngine engine(Worker(), {.run_time = milliseconds(300)});
  ASSERT_TRUE(engine.Start().has_value());
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(Ask(engine, "drowsy 0.2"), "1");
  EXPECT_GT(std::chrono::steady_clock::now() - begin, milliseconds(600));
}

TEST(ProcessEngine, OneWorkerRunsManyModules) {
  ProcessEngine engine(Worker());
  EXPECT_EQ(Ask(engine, "echo", 1'000'000), "1000000");
  EXPECT_EQ(Ask(engine, "count"), "2");
  EXPECT_EQ(engine.hello().engine, "hostile");
  EXPECT_EQ(engine.workers_started(), 1u);
}

TEST(ProcessEngine, TheHistoryIsWhatTheWorkerRanBefore) {
  ProcessEngine engine(Worker());
  Ask(engine, "fine", 1);
  Ask(engine, "fine", 2);
  EXPECT_EQ(Ask(engine, "crash", 3), "crash: SIGSEGV");
  ASSERT_EQ(engine.history().size(), 2u);
  const trace::SentRun& second = engine.history()[1];
  EXPECT_EQ(second.module.size(), 2u);
  EXPECT_EQ(RequestText(second.request), RequestText({.id = 2, .exports = {"fine"}}));
  EXPECT_EQ(Ask(engine, "count"), "1");
  EXPECT_TRUE(engine.history().empty());
}

TEST(ProcessEngine, WorkersAreReplacedByAge) {
  ProcessEngine engine(Worker(), {.modules_max = 2});
  for (const char* count : {"1", "2", "1", "2", "1"}) EXPECT_EQ(Ask(engine, "count"), count);
  EXPECT_EQ(engine.workers_started(), 3u);
}

TEST(ProcessEngine, WhatCannotStartSaysWhy) {
  ProcessEngine missing({"/no/such/worker"});
  const auto started = missing.Start();
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().kind, trace::FailureKind::Start);
  EXPECT_EQ(started.error().detail, "/no/such/worker: No such file or directory");
  for (const char* how : {"exit", "garbage", "hang"}) {
    ProcessEngine engine(Worker(how), {.start_time = milliseconds(1'000)});
    EXPECT_EQ(Ask(engine, "fine"), "start") << how;
  }
}

}  // namespace
}  // namespace slabhound::worker
