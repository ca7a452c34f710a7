#include "gc/schedule.h"

#include <gtest/gtest.h>

namespace slabhound::gc {
namespace {

TEST(Schedules, AreReadAndWrittenAsTheSameTexts) {
  using Kind = Schedule::Kind;
  const std::pair<std::string_view, Schedule> kRows[] = {
      {"never", {Kind::Never}},
      {"explicit", {Kind::Explicit}},
      {"every-safepoint", {Kind::EverySafepoint}},
      {"every-allocation", {Kind::EveryNth, 1}},
      {"every-7", {Kind::EveryNth, 7}},
      {"every-4294967295", {Kind::EveryNth, UINT32_MAX}},
      {"random-0", {Kind::Random, 0}},
      {"pressure", {Kind::Pressure}},
      {"explicit-full", {Kind::Explicit, 1, Extent::Full}},
      {"every-allocation-minor", {Kind::EveryNth, 1, Extent::Minor}},
      {"random-7-full", {Kind::Random, 7, Extent::Full}},
  };
  for (const auto& [text, schedule] : kRows) {
    EXPECT_EQ(ParseSchedule(text), schedule) << text;
    EXPECT_EQ(ScheduleText(schedule), text);
  }
  EXPECT_EQ(ParseSchedule("every-1"), ParseSchedule("every-allocation"));
}

TEST(Schedules, RefuseOtherTexts) {
  for (const std::string_view text :
       {"", "Never", "every", "every-", "every-0", "every--1", "every-7x", "every-4294967296",
        "every-N", "random-", "never-full", "explicit-full-minor", "-minor", "explicit-"}) {
    EXPECT_FALSE(ParseSchedule(text).has_value()) << text;
  }
}

TEST(Collectors, AreFoundByTheirNames) {
  EXPECT_EQ(FindCollector("null"), CollectorKind::Null);
  EXPECT_EQ(FindCollector("mark_sweep"), CollectorKind::MarkSweep);
  EXPECT_EQ(CollectorName(CollectorKind::MarkSweep), "mark_sweep");
  EXPECT_FALSE(FindCollector("MarkSweep").has_value());
  EXPECT_FALSE(FindCollector("").has_value());
}

}  // namespace
}  // namespace slabhound::gc
