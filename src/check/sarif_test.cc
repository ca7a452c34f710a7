#include "check/sarif.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "check/fixture.h"

namespace slabhound::check {
namespace {

using cause::Severity;

TEST(Sarif, HasWhatCodeHostsRequire) {
  Report report =
      ReportOf({BugOf(Severity::MemoryCorruption, "one"), BugOf(Severity::MemoryCorruption, "two"),
                BugOf(Severity::Refusal, "three \xff")});
  report.bugs[1].variant = 2;
  report.bugs[2].case_file = "findings/a b/case.wasm";
  report.regressions = {{"t/a.wast", "v8", RegressionOutcome::Failed, 4, "v8: other returns"}};
  const auto log = nlohmann::json::parse(SarifText(report, "1.2.3"));
  EXPECT_EQ(log["version"], "2.1.0");
  const auto& run = log["runs"][0];
  const auto& driver = run["tool"]["driver"];
  EXPECT_EQ(driver["version"], "1.2.3");
  EXPECT_EQ(driver["rules"].size(), 3u);  // of two severities, and of regression files
  ASSERT_EQ(run["results"].size(), 4u);
  std::set<std::string> prints;
  for (const auto& result : run["results"]) {
    EXPECT_EQ(driver["rules"][result["ruleIndex"].get<size_t>()]["id"], result["ruleId"]);
    EXPECT_FALSE(result["message"]["text"].get<std::string>().empty());
    const auto& place = result["locations"][0]["physicalLocation"];
    EXPECT_FALSE(place["artifactLocation"]["uri"].get<std::string>().starts_with('/'));
    EXPECT_GE(place["region"]["startLine"], 1);
    prints.insert(result["partialFingerprints"]["primaryLocationLineHash"].get<std::string>());
  }
  EXPECT_EQ(prints.size(), 3u);  // the first and the third have one symptom, by the fixture
  EXPECT_EQ(run["results"][0]["ruleId"], "memory-corruption/panic");
  EXPECT_EQ(run["results"][0]["level"], "error");
  const auto location = [](const auto& result) {
    return result["locations"][0]["physicalLocation"];
  };
  EXPECT_EQ(location(run["results"][2])["artifactLocation"]["uri"], "findings/a%20b/case.wasm");
  EXPECT_EQ(location(run["results"][3])["region"]["startLine"], 4);
}

TEST(Sarif, NothingFoundIsAValidLog) {
  const auto log = nlohmann::json::parse(SarifText(ReportOf({}), "1.2.3"));
  EXPECT_TRUE(log["runs"][0]["results"].is_array());
  EXPECT_TRUE(log["runs"][0]["tool"]["driver"]["rules"].is_array());
}

}  // namespace
}  // namespace slabhound::check
