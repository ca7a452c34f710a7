#include "engine/draw.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace slabhound::engine {
namespace {

SlabSpec DrawOf(const char* text, uint64_t draw) { return OfCase(*ParseEngine(text), draw).slab; }

TEST(Draw, FollowsFromStreamAndNumber) {
  int same = 0;
  for (uint64_t draw = 0; draw < 200; ++draw) {
    EXPECT_EQ(DrawOf("slab:drawn-1", draw), DrawOf("slab:drawn-1", draw));
    EXPECT_FALSE(DrawOf("slab:drawn-1", draw).drawn);
    same += DrawOf("slab:drawn-1", draw) == DrawOf("slab:drawn-2", draw) ? 1 : 0;
  }
  EXPECT_LT(same, 20);
}

TEST(Draw, ComesToEveryRowAsOftenAsItsWeightSays) {
  constexpr int kDraws = 20'000;
  std::map<std::string, int> counts;
  for (uint64_t draw = 0; draw < kDraws; ++draw) {
    EngineSpec own = OfCase(*ParseEngine("slab:drawn-1"), draw);
    EXPECT_EQ(ParseEngine(EngineText(own)), own);
    ++counts[std::string(gc::CollectorName(own.slab.collector))];
    if (own.slab.schedule.kind == gc::Schedule::Kind::Random) own.slab.schedule.n = 0;
    const bool has_extent = own.slab.schedule.extent.has_value();
    EXPECT_TRUE(!has_extent || gc::HasMinor(own.slab.collector)) << EngineText(own);
    own.slab.schedule.extent.reset();
    ++counts[gc::ScheduleText(own.slab.schedule)];
    ++counts[heap::SettingsText({.reuse = own.slab.settings.reuse})];
    ++counts[heap::SettingsText({.start = own.slab.settings.start}) + " start"];
  }
  constexpr int kWeights = 0
#define SLABHOUND_COLLECTOR(name, text, minor, full, weight, ...) +weight
#include "gc/collectors.def"
      ;
#define SLABHOUND_COLLECTOR(name, text, minor, full, weight, ...) \
  EXPECT_NEAR(counts[text], kDraws / kWeights * weight, 100 * (1 + weight));
#include "gc/collectors.def"
  EXPECT_NEAR(counts["never"], kDraws / 16, 200);
  EXPECT_NEAR(counts["every-allocation"], kDraws / 8, 300);
  EXPECT_NEAR(counts["random-0"], 3 * kDraws / 16, 400);
  EXPECT_GT(counts["every-8"], 100);
  EXPECT_NEAR(counts[":fifo"], kDraws / 5, 400);
  EXPECT_NEAR(counts[":nearly-full start"], kDraws / 6, 400);
}

TEST(Draw, KeepsTheFault) {
  const char* text = "slab:drawn-3:root-loop-no-fixpoint";
  EXPECT_EQ(DrawOf(text, 1).fault, heap::Fault::RootLoopNoFixpoint);
  EXPECT_EQ(EngineText(*ParseEngine(text)), text);
}

TEST(Draw, OnlyAFaultStandsBehindIt) {
  for (const char* text : {"slab:drawn-", "slab:drawn-x", "slab:drawn-1:explicit",
                           "slab:drawn-1:fifo", "slab:drawn"}) {
    EXPECT_FALSE(ParseEngine(text)) << text;
  }
}

}  // namespace
}  // namespace slabhound::engine
