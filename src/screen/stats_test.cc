#include "screen/stats.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/test_folder.h"

namespace slabhound::screen {
namespace {

TEST(Stats, AreOneLineOfJson) {
  campaign::Status status{.seconds = 20};
  status.tally.cases = 10;
  status.tally.agree = 9;
  status.tally.findings = 1;
  status.tally.buckets = {{"a", 1}};
  status.tally.engines = {{1, {10, 0, 6}}};
  status.engines = {"oracle", "v8\n\xFF"};
  status.bugs = {{cause::Severity::Hang, "a", 1, 2, "findings/a"}};
  status.jobs = {{campaign::Doing::Cases}, {campaign::Doing::Minimizing}, {}};
  const std::string line = StatsLine(status, 1'800'000'000, /*is_end=*/true);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["time"], 1'800'000'000);
  EXPECT_TRUE(json["seconds_left"].is_null());
  EXPECT_EQ(json["modules"], 10);
  EXPECT_EQ(json["symptoms"], 2);
  EXPECT_EQ(json["seen_once"], 1);
  EXPECT_EQ(json["jobs"], 2);
  EXPECT_EQ(json["minimizing"], 1);
  EXPECT_EQ(json["severities"]["hang"], 1);
  EXPECT_EQ(json["engines"][0]["silent"], false);
  EXPECT_EQ(json["engines"][1]["refused"], 6);
  EXPECT_EQ(json["engines"][1]["silent"], true);
  EXPECT_EQ(json["end"], true);
}

TEST(Stats, ComeEveryTenSecondsAndAtTheEnd) {
  const TestFolder folder;
  Stats stats(*upkeep::RotatedFile::Open(folder.File("stats"), {}));
  for (int second = 0; second < 35; ++second) {
    if (stats.IsDue(second)) stats.Show({.seconds = static_cast<double>(second)});
  }
  stats.End({.seconds = 35});
  const auto content = ReadFile(folder.File("stats"), 1u << 20);
  ASSERT_TRUE(content.has_value());
  EXPECT_EQ(std::ranges::count(*content, '\n'), 4);
}

}  // namespace
}  // namespace slabhound::screen
