#include "campaign/disk_watch.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/test_folder.h"
#include "ledger/artifacts.h"

namespace slabhound::campaign {
namespace {

class Warnings : public News {
 public:
  void Tell(const Event& event) override {
    if (event.kind == EventKind::Warning) lines.push_back(event.line);
  }
  std::vector<std::string> lines;
};

size_t Artifacts(const TestFolder& folder) {
  size_t count = 0;
  for (const auto& each : std::filesystem::recursive_directory_iterator(folder.path())) {
    count += each.is_regular_file() && each.path().filename().string().size() == 32 ? 1 : 0;
  }
  return count;
}

class DiskWatchTest : public testing::Test {
 protected:
  // So many cases of the symptom, each with an original of a megabyte.
  void Find(const std::string& slug, uint64_t count) {
    constexpr size_t kBytes = 1u << 20;
    for (uint64_t i = 0; i < count; ++i) {
      Bytes module(kBytes, static_cast<uint8_t>(++number_));
      ASSERT_TRUE(logbook_.Found(number_, slug, module));
    }
    ASSERT_TRUE(logbook_.Write({}, {}));
  }

  TestFolder folder_;
  Logbook logbook_ = *Logbook::Begin(folder_.path(), {7, "{}"}, "0/1");
  Warnings news_;
  uint64_t number_ = 0;
};

TEST_F(DiskWatchTest, RemovesOriginalsOfLoudSymptomsFirst) {
  Find("loud", 6);
  Find("rare", 1);
  DiskWatch watch(folder_.path(), {.bytes_max = 5u << 20}, logbook_, news_);
  ASSERT_TRUE(watch.Look(60));
  EXPECT_EQ(Artifacts(folder_), 4u);
  const auto left = logbook_.Originals();
  ASSERT_TRUE(left.has_value());
  ASSERT_EQ(left->size(), 4u);
  EXPECT_TRUE(logbook_.keeps_originals());
  // It looks once a minute.
  Find("loud", 4);
  ASSERT_TRUE(watch.Look(61));
  EXPECT_EQ(Artifacts(folder_), 8u);
  EXPECT_TRUE(news_.lines.empty());
}

TEST_F(DiskWatchTest, GoesOnWithoutOriginalsWhereThatIsNotEnough) {
  Find("a", 2);
  DiskWatch watch(folder_.path(), {.bytes_max = 1}, logbook_, news_);
  for (int minute = 1; minute < 4; ++minute) ASSERT_TRUE(watch.Look(minute * 60));
  EXPECT_EQ(Artifacts(folder_), 0u);
  EXPECT_FALSE(logbook_.keeps_originals());
  EXPECT_EQ(news_.lines.size(), 1u);
  Find("b", 2);
  EXPECT_EQ(Artifacts(folder_), 0u);
}

TEST_F(DiskWatchTest, DoesNothingWithoutBounds) {
  Find("a", 2);
  DiskWatch watch(folder_.path(), {}, logbook_, news_);
  ASSERT_TRUE(watch.Look(60));
  EXPECT_EQ(Artifacts(folder_), 2u);
}

}  // namespace
}  // namespace slabhound::campaign
