// Mutants of the seed templates: always well-formed, mostly valid, different, reproducible.
#include "fuzz/mutator.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/file.h"
#include "text/wat.h"
#include "valid/valid_module.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::fuzz {
namespace {

std::vector<Bytes> Seeds() {
  std::vector<Bytes> seeds;
  for (const auto& file :
       std::filesystem::directory_iterator(SLABHOUND_SOURCE_DIR "/corpus/seeds")) {
    const auto text = ReadFile(file.path().string(), 1 << 20);
    EXPECT_TRUE(text.has_value());
    const auto module = text::ReadModule(AsText(*text));
    EXPECT_TRUE(module.has_value()) << file.path();
    seeds.push_back(wasm::Encode(*module));
  }
  return seeds;
}

TEST(Mutator, MutantsAreWellFormedMostlyValidAndMany) {
  constexpr uint64_t kEach = 100;
  size_t made = 0, valid = 0;
  std::set<Bytes> distinct;
  for (const Bytes& seed : Seeds()) {
    for (uint64_t i = 0; i < kEach; ++i) {
      const auto mutant = MutateModule(seed, Rng(i));
      if (!mutant) continue;
      ++made;
      distinct.insert(*mutant);
      auto module = wasm::Decode(*mutant);
      ASSERT_TRUE(module.has_value()) << module.error().Message();
      wasm::TypeStore types;
      if (valid::Validate(std::make_shared<const wasm::Module>(*std::move(module)), types)) ++valid;
    }
  }
  EXPECT_GT(made, 900u);
  EXPECT_GT(distinct.size(), made * 8 / 10);
  EXPECT_GT(valid, made / 2);
}

TEST(Mutator, IsAFunctionOfItsArguments) {
  const Bytes seed = Seeds().front();
  EXPECT_EQ(MutateModule(seed, Rng(7)), MutateModule(seed, Rng(7)));
}

TEST(Mutator, BytesThatAreNoModuleGiveNothing) {
  EXPECT_EQ(MutateModule({}, Rng(1)), std::nullopt);
}

}  // namespace
}  // namespace slabhound::fuzz
