// Goal: whatever the order of moves, and wherever a kill ends them, no symptom is lost.
#include "campaign/layout.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace slabhound::campaign {
namespace {

void AddSymptom(const TestFolder& folder, const std::string& path) {
  ASSERT_TRUE(MakeFolder(folder.File(path)).has_value());
  const std::string slug = path.substr(path.rfind('/') + 1);
  ASSERT_TRUE(WriteFile(folder.File(path + "/finding.json"), AsBytes(slug)).has_value());
}

bool Holds(const TestFolder& folder, const std::string& path) {
  return folder.Has(path + "/finding.json");
}

TEST(Layout, BringsSymptomsBelowTheirBugAndBack) {
  const TestFolder folder;
  for (const char* slug : {"a", "b", "c"}) AddSymptom(folder, slug);
  ASSERT_TRUE(Arrange(folder.path(), {{"a", "b"}, {"b", ""}, {"c", "b"}}).has_value());
  EXPECT_TRUE(Holds(folder, "b") && Holds(folder, "b/symptoms/a"));
  EXPECT_TRUE(Holds(folder, "b/symptoms/c"));
  EXPECT_FALSE(folder.Has("a"));
  // Another symptom stands for the bug: the folders change places.
  ASSERT_TRUE(Arrange(folder.path(), {{"a", "c"}, {"b", "c"}, {"c", ""}}).has_value());
  EXPECT_TRUE(Holds(folder, "c") && Holds(folder, "c/symptoms/a") && Holds(folder, "c/symptoms/b"));
  EXPECT_FALSE(folder.Has("c/symptoms/b/symptoms"));
  const Places apart = {{"a", ""}, {"b", ""}, {"c", ""}};
  ASSERT_TRUE(Arrange(folder.path(), apart).has_value());
  EXPECT_EQ(*FindPlaces(folder.path()), apart);
  EXPECT_FALSE(folder.Has("c/symptoms"));
}

TEST(Layout, LeavesWhatIsNotAskedForAndNamesThatAreTaken) {
  const TestFolder folder;
  for (const char* path : {"a", "b", "b/symptoms/a", "b/symptoms/other"}) AddSymptom(folder, path);
  ASSERT_TRUE(Arrange(folder.path(), {{"a", "b"}, {"b", ""}}).has_value());
  EXPECT_TRUE(Holds(folder, "a") && Holds(folder, "b/symptoms/a"));
  EXPECT_TRUE(Holds(folder, "b/symptoms/other"));
  // What is not empty does not move.
  ASSERT_TRUE(Arrange(folder.path(), {{"b", "a"}}).has_value());
  EXPECT_TRUE(Holds(folder, "b/symptoms/other"));
}

// A pass that was killed after any of its moves: the next one ends where it would have.
TEST(Layout, GoesOnAfterAnyMove) {
  const Places wanted = {{"a", "c"}, {"b", "c"}, {"c", ""}, {"d", ""}};
  const std::pair<const char*, const char*> moves[] = {
      {"a/symptoms/b", "b"}, {"a/symptoms/c", "c"}, {"b", "c/symptoms/b"}, {"a", "c/symptoms/a"}};
  for (size_t done = 0; done <= std::size(moves); ++done) {
    const TestFolder folder;
    for (const char* path : {"a", "a/symptoms/b", "a/symptoms/c", "d"}) AddSymptom(folder, path);
    for (size_t i = 0; i < done; ++i) {
      if (i == 2) {
        ASSERT_TRUE(MakeFolder(folder.File("c/symptoms")).has_value());
        std::filesystem::remove(folder.File("a/symptoms"));
      }
      std::filesystem::rename(folder.File(moves[i].first), folder.File(moves[i].second));
    }
    ASSERT_TRUE(Arrange(folder.path(), wanted).has_value());
    EXPECT_EQ(*FindPlaces(folder.path()), wanted) << done;
    for (const char* path : {"c", "c/symptoms/a", "c/symptoms/b", "d"}) {
      EXPECT_TRUE(Holds(folder, path)) << done << " " << path;
    }
  }
}

}  // namespace
}  // namespace slabhound::campaign
