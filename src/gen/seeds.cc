#include "gen/seeds.h"

#include "base/check.h"
#include "text/wat.h"
#include "wasm/encode.h"

namespace slabhound::gen {
namespace {

struct SeedText {
  std::string_view name, text;
};
constexpr SeedText kSeedTexts[] = {
#include "seeds.inc"
};

}  // namespace

const std::vector<Seed>& Seeds() {
  static const std::vector<Seed> seeds = [] {
    std::vector<Seed> made;
    for (const SeedText& seed : kSeedTexts) {
      const auto module = text::ReadModule(seed.text);
      CHECK(module.has_value());  // ctest reads every seed
      made.push_back({seed.name, wasm::Encode(*module), !module->tags.empty()});
    }
    return made;
  }();
  return seeds;
}

}  // namespace slabhound::gen
