#include "upkeep/hook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/file.h"
#include "base/test_folder.h"

namespace slabhound::upkeep {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string Content(const std::string& path) {
  const auto bytes = ReadFile(path, 1u << 20);
  return bytes ? std::string(AsText(*bytes)) : "none";
}

TEST(Hook, GetsEachMessageOnStdin) {
  const TestFolder folder;
  Hook hook("cat >> '" + folder.File("got") + "'; echo not for the screen");
  for (int i = 0; i < 3; ++i) hook.Give(std::string(100'000, static_cast<char>('a' + i)) + "\n");
  EXPECT_EQ(hook.Finish(seconds(20)), std::nullopt);
  const std::string got = Content(folder.File("got"));
  EXPECT_EQ(got.size(), 300'003u);
  EXPECT_EQ(got.substr(100'001, 1), "b");
  EXPECT_EQ(hook.failures(), 0u);
}

TEST(Hook, TellsItsFirstFailure) {
  Hook hook("echo first >&2; echo no such host >&2; exit 3");
  hook.Give("{}");
  hook.Give("{}");
  EXPECT_THAT(hook.Finish(seconds(20)).value_or(""),
              testing::HasSubstr("exit code 3 (no such host); later failures of it are not told"));
  EXPECT_EQ(hook.failures(), 2u);
  hook.Give("{}");
  EXPECT_EQ(hook.Finish(seconds(20)), std::nullopt);
}

TEST(Hook, IsKilledWithAllThatItStarted) {
  const TestFolder folder;
  // What outlives it would write.
  Hook hook("setsid sh -c 'sleep 1; echo left > \"" + folder.File("left") + "\"' & sleep 100",
            {.time = milliseconds(200)});
  hook.Give("{}");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(hook.Finish(seconds(20)).value_or(""), testing::HasSubstr("it took more than 0.2 s"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(10));
  usleep(1'500'000);
  EXPECT_FALSE(folder.Has("left"));
}

TEST(Hook, LosesWhatHasNoPlaceAndNeverWaits) {
  Hook hook("sleep 100", {.waiting_max = 2});
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 5; ++i) {
    hook.Give("{}");
    const auto told = hook.Tick();
    EXPECT_EQ(told.has_value(), i == 3) << i;
  }
  EXPECT_EQ(hook.failures(), 2u);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(5));
  EXPECT_EQ(hook.Finish(milliseconds(50)), std::nullopt);
  EXPECT_TRUE(hook.is_idle());
}

}  // namespace
}  // namespace slabhound::upkeep
