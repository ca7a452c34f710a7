#include "campaign/tally_counters.h"

#include <gtest/gtest.h>

namespace slabhound::campaign {
namespace {

// A tally with something in each field; a new field that is forgotten here shows by its size.
Tally Full() {
  static_assert(sizeof(Tally) == 13 * sizeof(uint64_t) + 9 * sizeof(std::map<std::string, int>));
  Tally tally;
  tally.cases = 36;
  tally.agree = 1, tally.poisoned = 2, tally.known = 3, tally.rejected = 4, tally.findings = 5;
  tally.generator_crashes = 6, tally.killed = 7, tally.fuel = 8, tally.depth = 9, tally.large = 10;
  tally.rejections = {{"too large", 4}};
  tally.generator_reasons = {{"generator abort", 6}};
  tally.killed_reasons = {{"job killed", 7}};
  tally.buckets = {{"slab panic: stale id", 3}, {"value", 2}};
  tally.known_met = {{"row", 1}};
  tally.known_avoided = {{"row", 2}};
  tally.engines = {{0, {36, 0, 0}}, {11, {36, 1, 2}}};
  tally.needs = {{"SIMD: i8x16.add", 2}};
  tally.configurations = {{"copying every-safepoint", 12}};
  tally.generate_ns = 77, tally.judge_ns = 88;
  return tally;
}

TEST(TallyCounters, ComeBackAsTheyWere) {
  EXPECT_EQ(FromCounters(ToCounters(Full())), Full());
  EXPECT_TRUE(ToCounters(Tally()).empty());
}

TEST(TallyCounters, TellWhatWasAdded) {
  Tally more = Full();
  ++more.cases;
  ++more.buckets["new"];
  ++more.engines[11].refused;
  EXPECT_EQ(
      Increase(ToCounters(Full()), ToCounters(more)),
      (ledger::Counters{{{"cases", "cases"}, 1}, {{"symptom", "new"}, 1}, {{"refused", "11"}, 1}}));
}

}  // namespace
}  // namespace slabhound::campaign
