#include "check/folder.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_folder.h"

namespace slabhound::check {
namespace {

TEST(CheckFolder, TakesTheFolderOfAnEarlierCheckAndNoOther) {
  const TestFolder folder;
  ASSERT_TRUE(MakeCheckFolder(folder.path()));
  ASSERT_TRUE(MakeFolder(folder.File("findings/bug")));
  ASSERT_TRUE(MakeCheckFolder(folder.path()));
  EXPECT_TRUE(folder.Has("summary.json"));
  EXPECT_FALSE(folder.Has("findings"));
  const TestFolder other;
  ASSERT_TRUE(WriteFile(other.File("notes.txt"), AsBytes("mine")));
  EXPECT_FALSE(MakeCheckFolder(other.path()));
  ASSERT_TRUE(WriteFile(other.File("summary.json"), AsBytes("{}")));
  EXPECT_FALSE(MakeCheckFolder(other.path()));
  EXPECT_TRUE(other.Has("notes.txt"));
}

}  // namespace
}  // namespace slabhound::check
