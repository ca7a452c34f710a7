#include "gen/generate.h"

#include <algorithm>

#include "gen/huge_count.h"
#include "gen/seeds.h"
#include "gen/twin_types.h"

namespace slabhound::gen {
namespace {

// Sizes of the generator's input: small ones leave a template recognizable, large ones make plain
// modules rich.
constexpr uint64_t kTemplateBytesMin = 200, kTemplateBytesMax = 1'600;
constexpr uint64_t kPlainBytesMin = 500, kPlainBytesMax = 5'000;

constexpr std::array<std::string_view, kGenerators.size()> kGeneratorNames = {"slabhound",
                                                                              "baseline"};

// What `wasm-opt --translate-to-fuzz` has.
constexpr BinaryenParameters kBinaryensOwn = {.params_max = 10,
                                              .vars_max = 20,
                                              .globals_max = 30,
                                              .tuple_size_max = 7,
                                              .struct_fields_max = 6,
                                              .array_elements_max = 100,
                                              .heap_types_min = 4,
                                              .heap_types_max = 20,
                                              .new_gc_types_max = 25,
                                              .tries = 10,
                                              .nesting_soft = 11,
                                              .block_items_max = 5,
                                              .try_catches_max = 4,
                                              .memory = true};

void FillInput(Rng& rng, uint64_t low, uint64_t high, Bytes& input) {
  input.resize(low + rng.Below(high - low));
  for (uint8_t& byte : input) byte = static_cast<uint8_t>(rng.Next());
}

Recipe BaselineRecipe(uint64_t seed, uint64_t number, bool exceptions) {
  Rng rng = Rng(seed).Fork("baseline").Fork(number);
  Recipe recipe{.seed = seed, .number = number, .input = {}, .parameters = kBinaryensOwn};
  FillInput(rng, kPlainBytesMin, kPlainBytesMax, recipe.input);
  recipe.parameters.exceptions = exceptions;
  return recipe;
}

}  // namespace

std::string_view GeneratorName(Generator generator) {
  return kGeneratorNames[static_cast<size_t>(generator)];
}

std::optional<Generator> FindGenerator(std::string_view name) {
  const auto found = std::ranges::find(kGenerators, name, GeneratorName);
  if (found == kGenerators.end()) return std::nullopt;
  return *found;
}

Recipe MakeRecipe(uint64_t seed, uint64_t number, bool exceptions, Generator generator) {
  if (generator == Generator::Baseline) return BaselineRecipe(seed, number, exceptions);
  Rng rng = Rng(seed).Fork("case").Fork(number);
  Recipe recipe{.seed = seed,
                .number = number,
                .input = {},
                .template_index = -1,
                .parameters = {},
                .huge_count = {},
                .twin_types = {}};
  const bool on_template = number % 2 == 1;
  if (on_template) recipe.template_index = static_cast<int>(rng.Below(Seeds().size()));
  const uint64_t low = on_template ? kTemplateBytesMin : kPlainBytesMin;
  const uint64_t high = on_template ? kTemplateBytesMax : kPlainBytesMax;
  FillInput(rng, low, high, recipe.input);
  recipe.parameters.memory = rng.OneIn(8);
  recipe.parameters.exceptions = exceptions;
  if (!exceptions && on_template &&
      Seeds()[static_cast<size_t>(recipe.template_index)].exceptions) {
    recipe.template_index = -1;
  }
  Rng huge = rng.Fork("huge count");
  if (huge.OneIn(kHugeCountIn)) recipe.huge_count = huge;
  Rng twins = rng.Fork("twin types");
  if (twins.OneIn(kTwinTypesIn)) recipe.twin_types = twins;
  return recipe;
}

Bytes Generate(const Recipe& recipe) {
  const ByteSpan initial = recipe.template_index < 0
                               ? ByteSpan()
                               : Seeds()[static_cast<size_t>(recipe.template_index)].wasm;
  Bytes module = GenerateBinaryenModule(recipe.input, initial, recipe.parameters);
  if (recipe.huge_count) module = WithHugeCount(std::move(module), *recipe.huge_count);
  if (recipe.twin_types) module = WithTwinTypes(std::move(module), *recipe.twin_types);
  return module;
}

}  // namespace slabhound::gen
