#include "engine/spec.h"

#include <gtest/gtest.h>

namespace slabhound::engine {
namespace {

TEST(EngineText, IsReadBack) {
  for (const char* text :
       {"oracle", "slab:mark_sweep:every-allocation", "v8", "wasmtime@31.0.0",
        "wasmtime@31.0.0:opt=speed,points=1,gc=full", "worker:python3 a.py --of=b:c, d"}) {
    const auto spec = ParseEngine(text);
    ASSERT_TRUE(spec.has_value()) << text;
    EXPECT_EQ(EngineText(*spec), text);
  }
}

TEST(EngineText, NonsenseIsNone) {
  for (const char* text :
       {"", "v9", "v8:,", "v8:gc=often", "v8:points=", "v8:points=x", "v8:seed=99999999999",
        "wasmtime@", "wasmtime@latest", "worker", "worker:", "oracle:a"}) {
    EXPECT_FALSE(ParseEngine(text).has_value()) << text;
  }
}

TEST(EngineText, NamesHaveNoConfiguration) {
  EXPECT_EQ(EngineName(*ParseEngine("wasmtime@31.0.0:opt=speed")), "wasmtime");
  EXPECT_EQ(EngineName(*ParseEngine("slab")), "slab");
}

}  // namespace
}  // namespace slabhound::engine
