// What a job's end means: stage, signal and last words decide.
#include "campaign/death.h"

#include <gtest/gtest.h>

#include <csignal>

namespace slabhound::campaign {
namespace {

const engine::EngineSpec kOracle{}, kSlab{.kind = engine::EngineKind::Slab, .slab = {}};

TEST(Death, OfTheGeneratorIsCounted) {
  const Death death =
      Classify(Stage::Generate, nullptr, {.code = 0, .signal = SIGABRT}, "", "Fatal: something\n");
  EXPECT_EQ(death.kind, DeathKind::GeneratorCrash);
  EXPECT_EQ(SignatureText(death.signature), "generator abort");
  EXPECT_EQ(
      SignatureText(
          Classify(Stage::Generate, nullptr, {.code = 0, .signal = SIGKILL}, "hang", "").signature),
      "generator hang");
}

TEST(Death, OfAnEngineIsAFinding) {
  const Death death = Classify(Stage::Run, &kSlab, {.code = 0, .signal = SIGSEGV}, "", "");
  EXPECT_EQ(death.kind, DeathKind::Finding);
  EXPECT_EQ(death.verdict, "crash");
  EXPECT_EQ(SignatureText(death.signature), "slab crash: SIGSEGV");
  EXPECT_EQ(
      SignatureText(
          Classify(Stage::Run, &kOracle, {.code = 0, .signal = SIGKILL}, "hang", "").signature),
      "oracle hang");
  EXPECT_EQ(SignatureText(
                Classify(Stage::Decode, nullptr, {.code = 0, .signal = SIGSEGV}, "", "").signature),
            "decoder crash: SIGSEGV");
}

TEST(Death, SaysWhichInvariantBroke) {
  const Death death = Classify(Stage::Run, &kSlab, {.code = 0, .signal = SIGABRT}, "",
                               "slabhound: broken invariant: a < b (vm.cc:12)\n");
  const std::string text = SignatureText(death.signature);
  EXPECT_TRUE(text.starts_with("slab panic: a < b")) << text;
}

TEST(Death, ByAForeignHandIsNoFinding) {
  const Death death = Classify(Stage::Run, &kSlab, {.code = 0, .signal = SIGKILL}, "", "");
  EXPECT_EQ(death.kind, DeathKind::Killed);
  EXPECT_EQ(SignatureText(death.signature), "job killed: SIGKILL at run");
  EXPECT_EQ(Classify(Stage::Run, &kSlab, {.code = 0, .signal = SIGTERM}, "", "").kind,
            DeathKind::Killed);
}

}  // namespace
}  // namespace slabhound::campaign
