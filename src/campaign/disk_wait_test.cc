#include "campaign/disk_wait.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace slabhound::campaign {
namespace {

TEST(DiskWait, TriesAgainWhileThereIsNoRoom) {
  News news;
  DiskWait wait(news, [] { return false; });
  int tries = 0;
  const auto written = wait.Persist([&]() -> Result<int, FileError> {
    if (++tries < 3) return Fail(FileErrorOf("x", ENOSPC));
    return tries;
  });
  EXPECT_EQ(written.value_or(0), 3);
}

TEST(DiskWait, OtherErrorsAreErrorsAtOnce) {
  News news;
  DiskWait wait(news, [] { return false; });
  int tries = 0;
  const auto written = wait.Persist([&]() -> Result<void, FileError> {
    ++tries;
    return Fail(FileErrorOf("x", EACCES));
  });
  EXPECT_FALSE(written.has_value());
  EXPECT_EQ(tries, 1);
}

TEST(DiskWait, GivesUpWhenItIsToldTo) {
  News news;
  bool gives_up = false;
  DiskWait wait(news, [&] { return std::exchange(gives_up, true); });
  const auto written =
      wait.Persist([]() -> Result<void, FileError> { return Fail(FileErrorOf("x", ENOSPC)); });
  ASSERT_FALSE(written.has_value());
  EXPECT_TRUE(written.error().no_room);
}

}  // namespace
}  // namespace slabhound::campaign
