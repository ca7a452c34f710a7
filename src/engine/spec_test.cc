#include "engine/spec.h"

#include <gtest/gtest.h>

namespace slabhound::engine {
namespace {

TEST(EngineText, IsReadBack) {
  for (const char* text :
       {"oracle", "slab:mark_sweep:every-allocation", "v8", "wasmtime@31.0.0", "wasmtime@all",
        "wasmtime@31.0.0:gc=full,points=1,opt=speed", "v8:points=0,straight=even",
        "v8:known=off,stress-scavenge=10,no-liftoff", "worker:python3 a.py --of=b:c, d"}) {
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
                           "oracle:a",
                           "slab:copying",
                           "slab:null:often",
                           "slab:null:never:no-such-fault"}) {
    EXPECT_FALSE(ParseEngine(text).has_value()) << text;
  }
}

TEST(EngineText, AnErrorListsWhatThereIs) {
  EXPECT_EQ(ParseEngine("wasmtime@31.0.0:opt=size").error(),
            "wasmtime has no option 'opt=size'; it has gc=none|minor|full points=N seed=N "
            "straight=none|all|even|odd known=off opt=none|speed regalloc=single_pass|backtracking "
            "pooling heap=N fuel=N "
            "engine-per-module");
  EXPECT_EQ(ParseEngine("binaryen:x").error(),
            "binaryen has no option 'x'; it has gc=none|minor|full points=N seed=N "
            "straight=none|all|even|odd known=off");
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
