// Which findings get a turn of the minimizer, and how many.
#include "campaign/findings.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace slabhound::campaign {
namespace {

Finding MakeFinding(const std::string& signature, size_t bytes) {
  Finding finding;
  finding.signature = signature;
  finding.verdict = "panic";
  finding.engines = {"oracle", "slab"};
  finding.module = {0, 'a', 's', 'm', 1, 0, 0, 0};
  while (finding.module.size() < bytes) finding.module.insert(finding.module.end(), {0, 1, 0});
  finding.original_bytes = finding.module.size();
  return finding;
}

// A turn that ended with so many bytes.
MinimizedReport Turn(const std::string& signature, size_t bytes, bool complete) {
  MinimizedReport report;
  report.signature = signature;
  report.complete = complete;
  report.module = MakeFinding(signature, bytes).module;
  return report;
}

TEST(Findings, WhatStillShrankWhenItsTimeRanOutGetsAnotherTurn) {
  const TestFolder folder;
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  News news(nullptr, false);
  Findings findings(*std::move(store), news);
  findings.PlanMinimization(MakeFinding("a", 80));
  findings.PlanMinimization(MakeFinding("b", 80));
  auto first = findings.NextToMinimize();
  ASSERT_TRUE(first && first->signature == "a");
  ASSERT_TRUE(findings.TakeMinimized(*first, Turn("a", 50, false)));
  auto second = findings.NextToMinimize();
  ASSERT_TRUE(second && second->signature == "b");  // those that had none come first
  ASSERT_TRUE(findings.TakeMinimized(*second, Turn("b", 50, true)));
  auto third = findings.NextToMinimize();
  ASSERT_TRUE(third && third->signature == "a");
  EXPECT_EQ(third->module.size(), 50u);
  EXPECT_EQ(third->original_bytes, 80u);
  ASSERT_TRUE(findings.TakeMinimized(*third, Turn("a", 50, false)));
  EXPECT_FALSE(findings.NextToMinimize());  // a turn that shrinks nothing is the last
}

}  // namespace
}  // namespace slabhound::campaign
