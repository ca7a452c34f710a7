// Nothing that a child has started outlives it, whatever it does to get away.
#include "base/orphans.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "base/file.h"
#include "base/subprocess.h"
#include "base/test_folder.h"

namespace slabhound {
namespace {

// A daemon as the book has it: a session of its own, and no parent. It writes its number.
constexpr const char* kDaemon =
    "setsid sh -c 'setsid sh -c \"echo \\$\\$ >$FILE; sleep 600\" &' & ";

pid_t NumberIn(const std::string& path) {
  const auto content = ReadFile(path, 100);
  return content ? std::atoi(std::string(AsText(*content)).c_str()) : 0;
}

pid_t WaitForNumber(const std::string& path) {
  for (int i = 0; i < 1'000 && NumberIn(path) == 0; ++i) usleep(10'000);
  return NumberIn(path);
}

TEST(Orphans, ADaemonIsKilledWithTheChild) {
  const TestFolder folder;
  const std::string file = folder.File("pid");
  auto child = Subprocess::Start({.command = {"sh", "-c", std::string(kDaemon) + "sleep 600"},
                                  .environment = {"FILE=" + file}});
  ASSERT_TRUE(child.has_value());
  const pid_t daemon = WaitForNumber(file);
  ASSERT_GT(daemon, 0);
  EXPECT_EQ(kill(daemon, 0), 0);
  EXPECT_NE(getsid(daemon), getsid(0));
  child->Kill();
  EXPECT_NE(kill(daemon, 0), 0);
}

TEST(Orphans, OtherChildrenLive) {
  const pid_t own = ForkChild();
  if (own == 0) {
    for (;;) pause();
  }
  auto child = Subprocess::Start({.command = {"sh", "-c", "sleep 600 & exit 0"}});
  ASSERT_TRUE(child.has_value());
  child->Wait(DeadlineIn(std::chrono::seconds(10)));
  EXPECT_EQ(waitpid(own, nullptr, WNOHANG), 0);
  kill(own, SIGKILL);
  EXPECT_EQ(ReapChild(own).signal, SIGKILL);
}

}  // namespace
}  // namespace slabhound
