// A forked function: its limits, its deadline, its end.
#include "base/child.h"

#include <gtest/gtest.h>

#include <array>
#include <csignal>

namespace slabhound {
namespace {

Deadline In(int milliseconds) { return DeadlineIn(std::chrono::milliseconds(milliseconds)); }

Child Forked(const ChildOptions& options, const auto& life) {
  auto child = Child::Fork(options, life);
  EXPECT_TRUE(child.has_value());
  return child ? *std::move(child) : Child();
}
int PauseForEver() {
  for (;;) pause();
}

TEST(Child, ItsValueIsTheExitCode) {
  const auto status = Forked({}, [] { return 7; }).Wait(In(10'000));
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->code, 7);
  EXPECT_EQ(status->signal, 0);
}

TEST(Child, WaitEndsAtTheDeadlineAndKillEndsTheChild) {
  Child child = Forked({}, PauseForEver);
  EXPECT_FALSE(child.Wait(In(20)).has_value());
  EXPECT_FALSE(child.Ended());
  child.Kill();
  EXPECT_EQ(child.Reap().signal, SIGKILL);
  EXPECT_EQ(child.Wait(In(0))->signal, SIGKILL);
}

TEST(Child, ItsOwnEndIsToldThoughItIsKilledAfterwards) {
  for (const bool leads_group : {false, true}) {
    Child child = Forked({.leads_group = leads_group}, [] { return 3; });
    while (!child.Ended()) usleep(1'000);
    child.Kill();
    EXPECT_EQ(child.Reap().code, 3);
  }
}

TEST(Child, DestructionAndReplacementEndIt) {
  pid_t first = 0, second = 0;
  {
    Child child = Forked({}, PauseForEver);
    first = child.pid();
    child = Forked({}, PauseForEver);
    EXPECT_NE(kill(first, 0), 0);
    second = child.pid();
  }
  EXPECT_NE(kill(second, 0), 0);
}

TEST(Child, OptionsHold) {
  const Descriptor errors = OpenMemoryFile("errors");
  constexpr std::array kDefault = {SIGUSR1}, kIgnored = {SIGUSR2};
  std::signal(SIGUSR1, SIG_IGN);
  Child child = Forked(
      {.errors = errors.get(), .default_signals = kDefault, .ignored_signals = kIgnored}, [] {
        WriteAll(STDERR_FILENO, AsBytes("last words"));
        raise(SIGUSR2);
        raise(SIGUSR1);
        return 0;
      });
  std::signal(SIGUSR1, SIG_DFL);
  EXPECT_EQ(child.Reap().signal, SIGUSR1);
  EXPECT_EQ(TailOfMemoryFile(errors.get(), 100), "last words");
  EXPECT_EQ(TailOfMemoryFile(errors.get(), 5), "words");
  EmptyMemoryFile(errors.get());
  EXPECT_EQ(TailOfMemoryFile(errors.get(), 5), "");
}

}  // namespace
}  // namespace slabhound
