// Goal: vectors are compared where they tell of the cause, and severities by what goes wrong.
#include "cause/key.h"

#include <gtest/gtest.h>

#include "diff/fixture.h"

namespace slabhound::cause {
namespace {

constexpr Cell kPass = Cell::Pass, kFail = Cell::Fail, kNotAble = Cell::NotAble;

VariantVector Vector(Cell older, Cell newer, Cell without_collections, Cell option) {
  return {{"wasmtime@31.0.0", kFail},
          {"wasmtime@30.0.0", older},
          {"wasmtime@43.0.0", newer},
          {"wasmtime@31.0.0:gc=none", without_collections},
          {"wasmtime@31.0.0:opt=none", option}};
}

TEST(Key, VectorsAgreeWhereItIsNoLuck) {
  const VariantVector vector = Vector(kPass, kPass, kPass, kPass);
  EXPECT_TRUE(Agree(vector, vector));
  EXPECT_TRUE(Agree(vector, Vector(kFail, kPass, kFail, kPass)));
  EXPECT_FALSE(Agree(vector, Vector(kPass, kFail, kPass, kPass)));
  EXPECT_FALSE(Agree(vector, Vector(kPass, kPass, kPass, kFail)));
  EXPECT_TRUE(Agree(vector, Vector(kPass, kNotAble, kPass, kNotAble)));
  EXPECT_TRUE(Agree(vector, {{"wasmtime@44.0.0", kFail}}));
  EXPECT_EQ(Disagreement(vector, vector), 0);
  EXPECT_EQ(Disagreement(vector, Vector(kFail, kPass, kNotAble, kPass)), 0.25);
  EXPECT_EQ(Disagreement(vector, {}), 0);
}

TEST(Key, OfTheSlabEngineOnlyWhetherItCollectsDecides) {
  const auto vector = [](Cell never, Cell often) {
    return VariantVector{{"slab:mark_sweep:explicit", kFail},
                         {"slab:null:explicit", kPass},
                         {"slab:mark_sweep:never", never},
                         {"slab:mark_sweep:every-allocation", often}};
  };
  EXPECT_TRUE(Agree(vector(kPass, kPass), vector(kPass, kFail)));
  EXPECT_FALSE(Agree(vector(kPass, kPass), vector(kFail, kPass)));
  EXPECT_TRUE(NeedsCollections(vector(kPass, kPass)));
  EXPECT_FALSE(NeedsCollections(vector(kFail, kPass)));
  EXPECT_FALSE(NeedsCollections({}));
}

diff::Signature Divergence(trace::ClassKind expected, trace::ClassKind found) {
  diff::Signature signature;
  signature.suspect = "slab";
  signature.expected.kind = expected;
  signature.found.kind = found;
  return signature;
}

TEST(Key, WhatCollectionsBreakIsMemory) {
  using trace::ClassKind;
  const auto returns = Divergence(ClassKind::Returned, ClassKind::Returned);
  const auto traps = Divergence(ClassKind::Returned, ClassKind::Trapped);
  const auto refuses = Divergence(ClassKind::Returned, ClassKind::Rejected);
  EXPECT_EQ(SeverityOf(returns), Severity::WrongValue);
  EXPECT_EQ(SeverityOf(traps), Severity::TrapMismatch);
  EXPECT_EQ(SeverityOf(refuses), Severity::Refusal);
  EXPECT_EQ(SeverityOf(traps, true), Severity::MemoryCorruption);
  EXPECT_EQ(SeverityOf(refuses, true), Severity::Refusal);
  EXPECT_EQ(SeverityOf(diff::PanicSignature("id from different slab")), Severity::MemoryCorruption);
}

TEST(Key, TheLocusIsTheSignatureWithoutEngineAndReleases) {
  EXPECT_EQ(LocusOf(diff::PanicSignature("stale id")), "panic: stale id");
}

}  // namespace
}  // namespace slabhound::cause
