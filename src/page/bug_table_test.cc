// The bugs of a folder as its files tell them.
#include "page/bug_table.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/test_folder.h"
#include "page/example.h"

namespace slabhound::page {
namespace {

class Table : public testing::Test {
 protected:
  bool Refresh() {
    const auto refreshed = table_.Refresh();
    EXPECT_TRUE(refreshed.has_value());
    return refreshed.value_or(false);
  }

  TestFolder folder_;
  ExampleFolder example_{folder_.path(),
                         {.bugs = 5, .symptoms = 12, .findings = 60, .has_database = false}};
  BugTable table_{folder_.path()};
};

TEST_F(Table, HasAllOfIt) {
  EXPECT_TRUE(Refresh());
  ASSERT_EQ(table_.bugs().size(), 5u);
  uint64_t symptoms = 0, cases = 0;
  for (const BugRow& bug : table_.bugs()) {
    symptoms += bug.symptoms.size();
    cases += bug.count;
    EXPECT_EQ(bug.slug, bug.best().slug);
    EXPECT_EQ(bug.best().why, "");
    if (bug.symptoms.size() > 1) {
      EXPECT_EQ(bug.symptoms.back().why, "same vector, shape distance 0.10");
    }
  }
  EXPECT_EQ(symptoms, 12u);
  EXPECT_EQ(cases, 60u);
  EXPECT_EQ(table_.bugs().front().severity, cause::Severity::MemoryCorruption);
  EXPECT_EQ(table_.Find(example_.SlugAt(1, 1))->label, kHostile);
  EXPECT_EQ(table_.Find("none"), nullptr);
}

TEST_F(Table, TellsWhetherAnythingChanged) {
  EXPECT_TRUE(Refresh());
  EXPECT_FALSE(Refresh());
  std::filesystem::remove_all(folder_.File(example_.SlugAt(3)));
  EXPECT_TRUE(Refresh());
  EXPECT_EQ(table_.bugs().size(), 4u);
  ASSERT_TRUE(
      WriteFile(folder_.File(example_.SlugAt(2)) + "/bug.json", AsBytes(R"({"label": "ours"})")));
  EXPECT_TRUE(Refresh());
  EXPECT_EQ(table_.Find(example_.SlugAt(2))->label, "ours");
}

TEST_F(Table, LeavesOutLinksAndWhatIsNone) {
  TestFolder other;
  std::filesystem::rename(folder_.File(example_.SlugAt(0)), other.File("x"));
  std::filesystem::create_directory_symlink(other.File("x"), folder_.File(example_.SlugAt(0)));
  ASSERT_TRUE(WriteFile(folder_.File(example_.SlugAt(2)) + "/finding.json", AsBytes("[]")));
  ASSERT_TRUE(
      WriteFile(folder_.File(example_.SlugAt(3)) + "/bug.json", AsBytes("{\"symptoms\": 3}")));
  EXPECT_TRUE(Refresh());
  EXPECT_EQ(table_.Find(example_.SlugAt(0)), nullptr);
  // The symptoms below a folder that tells nothing are still there.
  ASSERT_NE(table_.Find(example_.SlugAt(2, 1)), nullptr);
  EXPECT_EQ(table_.Find(example_.SlugAt(2, 1))->slug, example_.SlugAt(2, 1));
  EXPECT_NE(table_.Find(example_.SlugAt(3)), nullptr);
}

}  // namespace
}  // namespace slabhound::page
