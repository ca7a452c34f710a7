// Goal: a case is tried on every release and in every configuration of its suspect, and a vector is
// kept by what does the same.
#include "cause/variants.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "text/wat.h"

namespace slabhound::cause {
namespace {

using engine::ParseEngine;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::UnorderedElementsAreArray;

std::vector<std::string> Texts(const std::string& suspect,
                               const std::vector<std::string>& releases) {
  std::vector<engine::EngineSpec> engines;
  for (const std::string& release : releases) engines.push_back(*ParseEngine(release));
  std::vector<std::string> texts;
  for (const engine::EngineSpec& each : VariantsOf(*ParseEngine(suspect), engines)) {
    texts.push_back(engine::EngineText(each));
  }
  return texts;
}

TEST(Variants, TheSuspectIsFirstThenReleasesThenConfigurations) {
  const auto texts = Texts("wasmtime@31.0.0:opt=none",
                           {"v8", "wasmtime@43.0.0", "wasmtime@31.0.0", "wasmtime@9.0.0"});
  EXPECT_THAT(std::vector(texts.begin(), texts.begin() + 4),
              ElementsAre("wasmtime@31.0.0:opt=none", "wasmtime@9.0.0:opt=none",
                          "wasmtime@43.0.0:opt=none", "wasmtime@31.0.0:gc=none,opt=none"));
  EXPECT_THAT(texts, IsSupersetOf({"wasmtime@31.0.0:opt=speed"}));
}

TEST(Variants, OfTheSlabEngineThereIsEachCollectorUnderEachSchedule) {
  std::vector<std::string> expected = {"slab:mark_sweep:every-7"};
  for (const char* collector : {
#define SLABHOUND_COLLECTOR(name, text, ...) text,
#include "gc/collectors.def"
       }) {
    for (const char* schedule : {"never", "explicit", "every-allocation", "every-safepoint"}) {
      expected.push_back(std::string("slab:") + collector + ":" + schedule);
    }
  }
  EXPECT_THAT(Texts("slab:mark_sweep:every-7", {}), UnorderedElementsAreArray(expected));
}

TEST(Variants, EveryEngineHasConfigurationsThatItKnows) {
  for (const char* engine : {"v8", "jsc", "wasmtime@31.0.0", "endive"}) {
    EXPECT_GE(Texts(engine, {}).size(), 2u) << engine;
    EXPECT_LE(Texts(engine, {}).size(), kVariantsMax) << engine;
  }
}

TEST(Variants, AnEngineWithoutOptionsIsItsOnlyVariant) {
  EXPECT_THAT(Texts("worker:true", {}), ElementsAre("worker:true"));
  EXPECT_THAT(Texts("binaryen", {"binaryen"}), ElementsAre("binaryen"));
}

TEST(Variants, ACaseThatPassesHasAVectorOfPassesAndGivesNone) {
  const auto prepared =
      diff::Prepare({text::ReadModule("(module (func (export \"f\")))").value(), {}});
  const Suspicion suspicion{{}, *ParseEngine("slab:mark_sweep:explicit"), {}, {}};
  const VariantVector vector = VectorOf(*prepared, suspicion);
  for (const Variant& variant : vector) EXPECT_EQ(variant.cell, Cell::Pass) << variant.engine;
  EXPECT_FALSE(Fails(*prepared, suspicion));
  EXPECT_FALSE(Gives(vector, *prepared, suspicion));
}

TEST(Variants, ASteadyVectorRunsOnlyWhatCounts) {
  const auto prepared =
      diff::Prepare({text::ReadModule("(module (func (export \"f\")))").value(), {}});
  size_t runs = 0;
  Suspicion suspicion{{}, *ParseEngine("slab:mark_sweep:explicit"), {}, {}};
  suspicion.releases.before_each_run = [&runs] { ++runs; };
  suspicion.shown = diff::Signature();
  const VariantVector vector = SteadyVectorOf(*prepared, suspicion);
  const auto counted = static_cast<size_t>(std::ranges::count(vector, Cell::Pass, &Variant::cell));
  const auto collects_nothing = [](const Variant& variant) {
    return variant.engine.contains(":null") || variant.engine.contains(":never");
  };
  EXPECT_EQ(counted, static_cast<size_t>(std::ranges::count_if(vector, collects_nothing)));
  EXPECT_EQ(runs, counted);
  EXPECT_EQ(vector.front().cell, Cell::NotAble);
  EXPECT_TRUE(Gives(vector, *prepared, suspicion));
  EXPECT_EQ(runs, 2 * counted);
}

}  // namespace
}  // namespace slabhound::cause
