// Goal: forced collections take no longer than the rest of a case, and cases have as many as that
// allows.
//
// Method: a worker whose collections cost what the test says.
#include "campaign/gc_price.h"

#include <gtest/gtest.h>

#include "campaign/hostile.h"

namespace slabhound::campaign {
namespace {

// The engine as a campaign's cases get it, if a collection takes so many seconds.
engine::EngineSpec Priced(const std::string& seconds) {
  std::vector<engine::EngineSpec> engines = {{}, Hostile("idle-collects " + seconds)};
  const std::vector<GcPrice> prices = SetGcPrices(engines, {});
  EXPECT_EQ(prices.size(), 1u);
  for (const GcPrice& price : prices) {
    EXPECT_EQ(price.engine, engines[1]);
    EXPECT_GT(price.case_ms, 2);
    EXPECT_LE(price.collections_ms, price.engine.form.one_case_in * price.case_ms);
  }
  EXPECT_EQ(engines[0], engine::EngineSpec{});
  return engines[1];
}

TEST(GcPrice, WhatCostsNothingStaysAsItIs) { EXPECT_EQ(Priced("0").form, engine::FormSpec{}); }

TEST(GcPrice, WhatCostsLittleIsCounted) {
  const engine::EngineSpec engine = Priced("0.00003");
  ASSERT_TRUE(engine.form.collections.has_value());
  EXPECT_EQ(engine.form.one_case_in, 1u);
}

TEST(GcPrice, WhatCostsMuchIsForFewCases) {
  const engine::EngineSpec engine = Priced("0.003");
  EXPECT_EQ(engine.form.collections, 1u);
  EXPECT_GE(engine.form.one_case_in, 4u);
}

TEST(GcPrice, WhatTheTextSaysIsNotMeasured) {
  for (const char* text : {"oracle", "binaryen", "v8:gc=none", "v8:points=0", "v8:collections=2"}) {
    std::vector<engine::EngineSpec> engines = {*engine::ParseEngine(text)};
    EXPECT_TRUE(SetGcPrices(engines, {}).empty()) << text;
    EXPECT_EQ(engine::EngineText(engines[0]), text);
  }
}

}  // namespace
}  // namespace slabhound::campaign
