#include "gen/twin_types.h"

#include <gtest/gtest.h>

#include <set>

#include "gen/generate.h"
#include "testcase/prepared.h"
#include "text/wat.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::gen {
namespace {

Bytes Encoded(std::string_view source) {
  const auto module = text::ReadModule(source);
  EXPECT_TRUE(module.has_value());
  return wasm::Encode(*module);
}

TEST(TwinTypes, AGroupIsWrittenAgainAndNamedByEither) {
  const Bytes module = Encoded(R"((module
    (rec
      (type $a (sub (struct (field (ref null $b)))))
      (type $b (sub $a (struct (field (ref null $b))))))
    (func (export "f") (param (ref null $a)) (result i32)
      (ref.test (ref $b) (local.get 0)))))");
  std::set<Bytes> made;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Bytes twins = WithTwinTypes(module, Rng(seed));
    EXPECT_EQ(twins, WithTwinTypes(module, Rng(seed)));
    const auto decoded = wasm::Decode(twins);
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(decoded->rec_groups.size(), 3u);
    auto test_case = testcase::ReadTestCase(twins);
    ASSERT_TRUE(test_case.has_value());
    const auto prepared = testcase::Prepare(*std::move(test_case));
    ASSERT_TRUE(prepared.has_value());
    made.insert(twins);
  }
  EXPECT_GE(made.size(), 4u);
}

TEST(TwinTypes, WhatHasNoTypesStays) {
  EXPECT_EQ(WithTwinTypes(Encoded("(module)"), Rng(1)), Encoded("(module)"));
  EXPECT_EQ(WithTwinTypes({1, 2, 3}, Rng(1)), (Bytes{1, 2, 3}));
}

TEST(TwinTypes, SomeCasesHaveThemAndAllAreValid) {
  size_t with = 0;
  for (uint64_t number = 0; number < 1'000; ++number) {
    const Recipe recipe = MakeRecipe(5, number);
    if (!recipe.twin_types) continue;
    ++with;
    auto test_case = testcase::ReadTestCase(Generate(recipe));
    ASSERT_TRUE(test_case.has_value());
    EXPECT_TRUE(testcase::Prepare(*std::move(test_case)).has_value()) << number;
  }
  EXPECT_GE(with, 30u);
  EXPECT_LE(with, 1'000 / kTwinTypesIn * 2);
}

}  // namespace
}  // namespace slabhound::gen
