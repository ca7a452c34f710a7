// What becomes of guarded work: its value, its death, its hanging, and what it said before.
#include "base/guard.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace slabhound {
namespace {

using std::chrono::milliseconds;

GuardEnd Guard(const std::function<int()>& life) {
  auto end = RunGuarded({}, life);
  EXPECT_TRUE(end.has_value());
  return end ? *std::move(end) : GuardEnd{};
}

TEST(Guard, ItsValueIsTheExitCode) {
  const GuardEnd end = Guard([] { return 3; });
  EXPECT_FALSE(end.died());
  EXPECT_EQ(end.status.code, 3);
  EXPECT_TRUE(end.errors.empty());
}

TEST(Guard, ADeathLeavesTheNoteAndTheWords) {
  const SharedGuardNote note = MapGuardNote();
  ASSERT_NE(note, nullptr);
  const GuardEnd end = Guard([&] {
    note->Begin("an engine", {milliseconds(10'000), milliseconds(10'000)});
    note->Step(7);
    std::fputs("last words\n", stderr);
    std::signal(SIGSEGV, SIG_DFL);  // a sanitizer's handler is not meant
    raise(SIGSEGV);
    return 0;
  });
  EXPECT_TRUE(end.died());
  EXPECT_FALSE(end.hangs);
  EXPECT_EQ(end.status.signal, SIGSEGV);
  EXPECT_EQ(end.errors, "last words\n");
  EXPECT_EQ(note->what(), "an engine");
  EXPECT_EQ(note->step(), 7u);
}

TEST(Guard, TimeIsLimitedWhereTheNoteSaysSo) {
  const SharedGuardNote note = MapGuardNote();
  ASSERT_NE(note, nullptr);
  for (const auto& [cpu, wall] : {std::pair(milliseconds(20), milliseconds(60'000)),
                                  std::pair(milliseconds(60'000), milliseconds(20))}) {
    const GuardEnd end = Guard([&] {
      note->Begin("endless", {cpu, wall});
      for (volatile bool on = true; on;) {
      }
      return 0;
    });
    EXPECT_TRUE(end.hangs);
  }
  const GuardEnd waits = Guard([&] {
    note->Begin("short", {milliseconds(20), milliseconds(20)});
    note->End();
    usleep(60'000);
    return 0;
  });
  EXPECT_FALSE(waits.hangs);
  EXPECT_TRUE(note->what().empty());
}

TEST(Guard, ATextThatIsTooLongIsCut) {
  const SharedGuardNote note = MapGuardNote();
  ASSERT_NE(note, nullptr);
  note->Begin(std::string(5'000, 'x'), {milliseconds(0), milliseconds(0)});
  EXPECT_EQ(note->what(), std::string(1'024, 'x'));
  note->End();
}

}  // namespace
}  // namespace slabhound
