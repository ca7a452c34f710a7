#include "gen/generate.h"

#include "gen/huge_count.h"
#include "gen/seeds.h"

namespace slabhound::gen {
namespace {

// Sizes of the generator's input: small ones leave a template recognizable, large ones make plain
// modules rich.
constexpr uint64_t kTemplateBytesMin = 200, kTemplateBytesMax = 1'600;
constexpr uint64_t kPlainBytesMin = 500, kPlainBytesMax = 5'000;

}  // namespace

Recipe MakeRecipe(uint64_t seed, uint64_t number, bool exceptions) {
  Rng rng = Rng(seed).Fork("case").Fork(number);
  Recipe recipe{.seed = seed,
                .number = number,
                .input = {},
                .template_index = -1,
                .parameters = {},
                .huge_count = {}};
  const bool on_template = number % 2 == 1;
  if (on_template) recipe.template_index = static_cast<int>(rng.Below(Seeds().size()));
  const uint64_t low = on_template ? kTemplateBytesMin : kPlainBytesMin;
  const uint64_t high = on_template ? kTemplateBytesMax : kPlainBytesMax;
  recipe.input.resize(low + rng.Below(high - low));
  for (uint8_t& byte : recipe.input) byte = static_cast<uint8_t>(rng.Next());
  recipe.parameters.memory = rng.OneIn(8);
  recipe.parameters.exceptions = exceptions;
  if (!exceptions && on_template &&
      Seeds()[static_cast<size_t>(recipe.template_index)].exceptions) {
    recipe.template_index = -1;
  }
  Rng huge = rng.Fork("huge count");
  if (huge.OneIn(kHugeCountIn)) recipe.huge_count = huge;
  return recipe;
}

Bytes Generate(const Recipe& recipe) {
  const ByteSpan initial = recipe.template_index < 0
                               ? ByteSpan()
                               : Seeds()[static_cast<size_t>(recipe.template_index)].wasm;
  Bytes module = GenerateBinaryenModule(recipe.input, initial, recipe.parameters);
  if (!recipe.huge_count) return module;
  return WithHugeCount(std::move(module), *recipe.huge_count);
}

}  // namespace slabhound::gen
