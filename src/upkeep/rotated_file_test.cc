#include "upkeep/rotated_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>
#include <csignal>

#include "base/test_folder.h"

namespace slabhound::upkeep {
namespace {

std::string Content(const std::string& path) {
  const auto bytes = ReadFile(path, 1u << 20);
  return bytes ? std::string(AsText(*bytes)) : "none";
}

TEST(RotatedFile, KeepsTheLastFiles) {
  const TestFolder folder;
  const std::string path = folder.File("log");
  for (int start = 0; start < 2; ++start) {
    auto file = RotatedFile::Open(path, {.bytes_max = 10, .kept = 2});
    ASSERT_TRUE(file.has_value());
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(file->Write(std::to_string(start * 4 + i) + "234"));
  }
  EXPECT_EQ(Content(path), "6234\n7234\n");
  EXPECT_EQ(Content(path + ".1"), "4234\n5234\n");
  EXPECT_EQ(Content(path + ".2"), "2234\n3234\n");
  EXPECT_FALSE(folder.Has("log.3"));
}

TEST(RotatedFile, KeepsNothingElseIfToldSo) {
  const TestFolder folder;
  auto file = RotatedFile::Open(folder.File("log"), {.bytes_max = 8, .kept = 0});
  ASSERT_TRUE(file.has_value());
  for (const char* line : {"one", "two", "longer than the bound", "three"}) {
    EXPECT_TRUE(file->Write(line));
  }
  EXPECT_EQ(Content(folder.File("log")), "three\n");
  EXPECT_FALSE(folder.Has("log.1"));
}

TEST(RotatedFile, LosesALineAsAWhole) {
  const TestFolder folder;
  auto file = RotatedFile::Open(folder.File("log"), {});
  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE(file->Write("first"));
  // As a disk that fills up within the second line.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small = {10, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  EXPECT_FALSE(file->Write("second"));
  EXPECT_EQ(errno, EFBIG);
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_TRUE(file->Write("third"));
  EXPECT_EQ(Content(folder.File("log")), "first\nthird\n");
}

TEST(RotatedFile, OfAFolderThatIsNotThereIsOneLine) {
  const auto file = RotatedFile::Open("/nowhere/log", {});
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().message, "/nowhere/log: No such file or directory");
}

}  // namespace
}  // namespace slabhound::upkeep
