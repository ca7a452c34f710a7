#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/test_folder.h"

namespace slabhound {
namespace {

class FileTest : public testing::Test {
 protected:
  std::string Path(const char* name) const { return test_folder_.File(name); }

  const TestFolder test_folder_;
  const std::string& folder_ = test_folder_.path();
};

TEST_F(FileTest, WhatWasWrittenIsRead) {
  const Bytes content = {0, 1, 255, 10};
  ASSERT_TRUE(WriteFile(Path("a"), content).has_value());
  ASSERT_TRUE(WriteFile(Path("a"), content).has_value());  // over an old file
  EXPECT_EQ(ReadFile(Path("a"), 100).value(), content);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);  // no leftovers
}

TEST_F(FileTest, WhatIsNoReadableFileIsOneLine) {
  for (const std::string& path : {folder_, Path("missing"), Path("missing/deeper")}) {
    const auto read = ReadFile(path, 100);
    ASSERT_FALSE(read.has_value()) << path;
    EXPECT_EQ(read.error().message.find(path), 0u);
    EXPECT_EQ(read.error().message.find('\n'), std::string::npos);
  }
}

TEST_F(FileTest, SizeIsBounded) {
  ASSERT_TRUE(WriteFile(Path("big"), Bytes(101)).has_value());
  EXPECT_FALSE(ReadFile(Path("big"), 100).has_value());
  EXPECT_TRUE(ReadFile(Path("big"), 101).has_value());
}

TEST_F(FileTest, AFifoDoesNotHang) {
  ASSERT_EQ(mkfifo(Path("fifo").c_str(), 0600), 0);
  EXPECT_FALSE(ReadFile(Path("fifo"), 100).has_value());
}

TEST_F(FileTest, WritingIntoAMissingFolderFails) {
  EXPECT_FALSE(WriteFile(Path("no/such/file"), Bytes{1}).has_value());
}

}  // namespace
}  // namespace slabhound
