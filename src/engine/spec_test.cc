#include "engine/spec.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace slabhound::engine {
namespace {

TEST(EngineText, IsReadBack) {
  for (const char* text :
       {"oracle", "slab:mark_sweep:every-allocation", "slab:generational:random-7-minor",
        "slab:copying:never:fifo:fragmented:verify-mutations", "v8", "wasmtime@31.0.0",
        "wasmtime@all", "wasmtime@31.0.0:gc=full,points=1,opt=speed", "v8:points=0,straight=even",
        "v8:known=off,stress-scavenge=10,no-liftoff", "v8:straight=all,collections=4",
        "endive:gc=full,points=8,seed=3,collections=1/16", "worker:python3 a.py --of=b:c, d",
        "worker[gc=full,collections=2]:a [b]:c"}) {
    const auto spec = ParseEngine(text);
    ASSERT_TRUE(spec.has_value()) << text << ": " << spec.error();
    EXPECT_EQ(EngineText(*spec), text);
  }
}

TEST(EngineText, HasItsOptionsInOneOrder) {
  const auto text = [](const char* given) { return EngineText(*ParseEngine(given)); };
  EXPECT_EQ(text("wasmtime@31.0.0:pooling,opt=none,seed=3,gc=full,opt=speed"),
            "wasmtime@31.0.0:gc=full,seed=3,opt=speed,pooling");
  EXPECT_EQ(*ParseEngine("v8:minor-ms,gc-global"), *ParseEngine("v8:gc-global,minor-ms"));
}

TEST(EngineText, NonsenseIsNone) {
  for (const char* text : {"",
                           "v9",
                           "v8:,",
                           "v8:gc=often",
                           "v8:points=",
                           "v8:points=x",
                           "v8:seed=99999999999",
                           "v8:straight",
                           "v8:straight=half",
                           "v8:known=on",
                           "v8:opt=speed",
                           "v8:no-liftoff=1",
                           "jsc:useJIT",
                           "jsc:useJIT=maybe",
                           "wasmtime@",
                           "wasmtime@latest",
                           "worker",
                           "worker:",
                           "worker[gc=full]:",
                           "worker[opt=speed]:a",
                           "worker[gc=full:a",
                           "command[gc=full]:a",
                           "v8[gc=full]",
                           "v8:collections=0",
                           "v8:collections=1/0",
                           "v8:collections=/2",
                           "v8:collections=1/",
                           "oracle:a",
                           "slab:moving",
                           "slab:null:often",
                           "slab:null:never:no-such-fault",
                           "slab:null:never::fifo",
                           "slab:null:never:fifo:often"}) {
    EXPECT_FALSE(ParseEngine(text).has_value()) << text;
  }
}

TEST(EngineText, AnErrorListsWhatThereIs) {
  EXPECT_EQ(ParseEngine("wasmtime@31.0.0:opt=size").error(),
            "wasmtime has no option 'opt=size'; it has gc=none|minor|full points=N seed=N "
            "straight=none|all|even|odd collections=N[/CASES] known=off opt=none|speed "
            "regalloc=single_pass|backtracking pooling heap=N fuel=N engine-per-module");
  EXPECT_EQ(ParseEngine("binaryen:x").error(),
            "binaryen has no option 'x'; it has gc=none|minor|full points=N seed=N "
            "straight=none|all|even|odd collections=N[/CASES] known=off");
}

TEST(OfCase, FollowsFromTheNumber) {
  const EngineSpec plain = *ParseEngine("v8:points=4"), some = *ParseEngine("v8:collections=2/8");
  EXPECT_EQ(OfCase(plain, 7), plain);
  int collecting = 0;
  std::set<std::string> texts;
  for (uint64_t number = 0; number < 800; ++number) {
    const EngineSpec own = OfCase(some, number);
    EXPECT_EQ(own, OfCase(some, number));
    EXPECT_EQ(OfCase(own, number + 1).form.gc, own.form.gc);  // what a finding has stays
    EXPECT_EQ(ProcessText(own), "v8");
    if (own.form.gc == Collection::None) continue;
    ++collecting;
    EXPECT_EQ(own.form.collections, 2);
    texts.insert(EngineText(own));
  }
  EXPECT_NEAR(collecting, 100, 30);
  EXPECT_GT(texts.size(), 80u);
  EXPECT_EQ(OfCase(*ParseEngine("v8:points=1,seed=5,collections=3"), 9),
            *ParseEngine("v8:points=1,seed=5,collections=3"));
}

TEST(EngineText, FlagsFillWhatASlabEngineLeavesOpen) {
  const SlabSpec flags{.collector = gc::CollectorKind::Null,
                       .schedule = {gc::Schedule::Kind::Never}};
  const auto text = [&](const char* given) { return EngineText(*ParseEngine(given, flags)); };
  EXPECT_EQ(text("slab"), "slab:null:never");
  EXPECT_EQ(text("slab:mark_sweep"), "slab:mark_sweep:never");
  EXPECT_EQ(text("slab:mark_sweep:explicit"), "slab:mark_sweep:explicit");
}

TEST(EngineOptions, AreReplacedAsAWhole) {
  const EngineSpec engine = *ParseEngine("wasmtime@31.0.0:opt=speed,seed=2");
  EXPECT_EQ(EngineText(*WithOptions(engine, "points=1,pooling")),
            "wasmtime@31.0.0:points=1,pooling");
  EXPECT_FALSE(WithOptions(engine, "points").has_value());
  EXPECT_EQ(EngineText(Bare(engine)), "wasmtime@31.0.0");
}

TEST(EngineText, NamesHaveNoConfiguration) {
  EXPECT_EQ(EngineName(*ParseEngine("wasmtime@31.0.0:opt=speed")), "wasmtime");
  EXPECT_EQ(EngineName(*ParseEngine("slab")), "slab");
}

}  // namespace
}  // namespace slabhound::engine
