#include "ledger/builds.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace slabhound::ledger {
namespace {

TEST(Builds, AreKeptByCaseAndBuild) {
  const TestFolder folder;
  auto database = Database::Open(folder.path(), Access::Write);
  ASSERT_TRUE(database);
  const BuildRow first{"bug", "wasmtime", "44.0.0 aa", 1, "fixed", 0, 2};
  const BuildRow second{"bug", "wasmtime", "45.0.0 bb", 2, "came back", 1, 1};
  ASSERT_TRUE(AddBuild(*database, second));
  ASSERT_TRUE(AddBuild(*database, first));
  EXPECT_EQ(*ReadBuilds(*database), (std::vector{first, second}));
  BuildRow again = second;
  again.at_ms = 3;
  ASSERT_TRUE(AddBuild(*database, again, /*if_new=*/true));
  EXPECT_EQ(ReadBuilds(*database)->back(), second);
  ASSERT_TRUE(AddBuild(*database, again));
  EXPECT_EQ(*ReadBuilds(*database), (std::vector{first, again}));
}

}  // namespace
}  // namespace slabhound::ledger
