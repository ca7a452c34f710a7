#include "base/cpu_time.h"

#include <gtest/gtest.h>

#include "base/subprocess.h"

namespace slabhound {
namespace {

using std::chrono::milliseconds;

// How much the group of this shell command spends within a second at most.
milliseconds Spent(const std::string& script) {
  auto started = Subprocess::Start({.command = {"/bin/sh", "-c", script}, .environment = {}});
  EXPECT_TRUE(started.has_value());
  milliseconds spent{0};
  for (int i = 0; i < 40 && spent < milliseconds(100); ++i) {
    EXPECT_FALSE(started->Wait(DeadlineIn(milliseconds(25))).has_value());
    spent = GroupCpuTime(started->pid()).value_or(milliseconds(-1));
  }
  return spent;
}

TEST(GroupCpuTime, CountsWhatRunsAndWhatItStarted) {
  EXPECT_GE(Spent("while :; do :; done"), milliseconds(100));
  EXPECT_GE(Spent("(while :; do :; done) & sleep 60"), milliseconds(100));
  EXPECT_LT(Spent("sleep 60"), milliseconds(100));
}

TEST(GroupCpuTime, OfNobodyIsNothing) { EXPECT_EQ(GroupCpuTime(1 << 30), milliseconds(0)); }

}  // namespace
}  // namespace slabhound
