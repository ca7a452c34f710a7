// Goal: a variant vector of any length is a few lines that say which releases and options fail.
#include "cli/variant_text.h"

#include <gtest/gtest.h>

namespace slabhound::cli {
namespace {

using cause::Cell;
using Rows = std::vector<std::pair<std::string, std::string>>;

Rows TextOf(const cause::VariantVector& variants, const std::string& suspect) {
  const auto spec = engine::ParseEngine(suspect);
  EXPECT_TRUE(spec.has_value());
  return VariantText(variants, *spec);
}

TEST(VariantText, HasReleasesThenOptions) {
  EXPECT_EQ(TextOf({{"wasmtime@30.0.0:opt=speed", Cell::Pass},
                    {"wasmtime@31.0.0:opt=speed", Cell::Fail},
                    {"wasmtime@32.0.0:opt=speed", Cell::Fail},
                    {"wasmtime@50.0.1:opt=speed", Cell::NotAble},
                    {"wasmtime@31.0.0:opt=none", Cell::Pass},
                    {"wasmtime@31.0.0:opt=speed,pooling", Cell::Fail}},
                   "wasmtime@31.0.0:opt=speed"),
            (Rows{{"releases", "FAIL 31.0.0 32.0.0, pass 30.0.0, not able 50.0.1"},
                  {"options", "FAIL pooling, pass opt=none"}}));
}

// Cells do not say how the portable form is made.
TEST(VariantText, TheSuspectsOwnReleaseIsAmongThem) {
  EXPECT_EQ(TextOf({{"wasmtime@31.0.0", Cell::Fail},
                    {"wasmtime@32.0.0", Cell::Pass},
                    {"wasmtime@31.0.0:gc=none", Cell::Pass}},
                   "wasmtime@31.0.0:points=0,straight=none"),
            (Rows{{"releases", "FAIL 31.0.0, pass 32.0.0"}, {"options", "pass gc=none"}}));
}

TEST(VariantText, OfAnEngineWithoutReleasesHasOptions) {
  EXPECT_EQ(TextOf({{"v8", Cell::Fail}, {"v8:gc=none", Cell::Pass}}, "v8"),
            (Rows{{"options", "FAIL as found, pass gc=none"}}));
}

TEST(VariantText, OfTheSlabEngineHasSchedules) {
  EXPECT_EQ(TextOf({{"slab:null:never", Cell::Pass}, {"slab:mark_sweep:every-4", Cell::Fail}},
                   "slab:mark_sweep:every-4"),
            (Rows{{"schedules", "FAIL mark_sweep:every-4, pass null:never"}}));
}

TEST(VariantText, SinceAndUntilAreAroundTheSuspect) {
  const auto since = [](cause::VariantVector variants) {
    return SinceText(variants, *engine::ParseEngine("wasmtime@31.0.0"));
  };
  const cause::Variant own{"wasmtime@31.0.0", Cell::Fail};
  EXPECT_EQ(since({own}), "");
  EXPECT_EQ(since({own, {"wasmtime@9.0.0", Cell::Pass}, {"wasmtime@50.0.1", Cell::Fail}}),
            "since 31.0.0 (9.0.0 passes), to this day");
  EXPECT_EQ(since({own,
                   {"wasmtime@30.0.0", Cell::Fail},
                   {"wasmtime@28.0.0", Cell::NotAble},
                   {"wasmtime@32.0.0", Cell::NotAble},
                   {"wasmtime@43.0.0", Cell::Pass},
                   {"wasmtime@45.0.0", Cell::Fail},
                   {"wasmtime@31.0.0:gc=none", Cell::Pass}}),
            "since 30.0.0 or before, until 31.0.0 (43.0.0 passes), again on 45.0.0");
}

TEST(VariantText, OfNothingIsNothing) {
  EXPECT_EQ(TextOf({}, "v8"), Rows{});
  EXPECT_EQ(TextOf({{"nonsense", Cell::Fail}, {"jsc", Cell::Fail}}, "v8"), Rows{});
}

}  // namespace
}  // namespace slabhound::cli
