// Generated cases: everything about case `number` of campaign `seed` follows from the two and
// Binaryen's version.
//
// 1. Even numbers are Binaryen's modules from nothing, odd ones grow on a seed template.
// 2. One in kHugeCountIn asks for something huge (huge_count.h), one in kTwinTypesIn has types that
//    are written twice (twin_types.h).
// 3. The baseline, against which that is measured, is Binaryen alone: no template, nothing huge, no
//    twins, and its own parameters but for the hang limit. Its inputs are as large as those of 1.
// 4. Recipe is cheap and crashes nothing; Generate runs Binaryen, which may abort the process.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/rng.h"
#include "gen/binaryen.h"

namespace slabhound::gen {

// A call that asks ends there: more of them would hide what is behind.
inline constexpr uint64_t kHugeCountIn = 32;
inline constexpr uint64_t kTwinTypesIn = 16;

enum class Generator : uint8_t { Slabhound, Baseline };
inline constexpr std::array kGenerators = {Generator::Slabhound, Generator::Baseline};
std::string_view GeneratorName(Generator generator);  // "slabhound", "baseline"
std::optional<Generator> FindGenerator(std::string_view name);

struct Recipe {
  uint64_t seed = 0, number = 0;
  Bytes input;
  int template_index = -1;  // into Seeds(); -1: none
  BinaryenParameters parameters;
  std::optional<Rng> huge_count = {};  // which one
  std::optional<Rng> twin_types = {};  // which ones
};

// Without exceptions it is for engines that have none: no template with them either.
Recipe MakeRecipe(uint64_t seed, uint64_t number, bool exceptions = true,
                  Generator generator = Generator::Slabhound);
Bytes Generate(const Recipe& recipe);

}  // namespace slabhound::gen
