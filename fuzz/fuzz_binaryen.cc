// A fuzzer's bytes → Binaryen's generator → the engines of this process: what our engines cover
// steers Binaryen. The first byte chooses the initial module, the second the parameters.
#include "fuzz/differential.h"
#include "fuzz/generator_process.h"
#include "gen/seeds.h"

namespace slabhound::fuzz {
namespace {

int Run(ByteSpan input) {
  if (input.size() < 2) return -1;
  static GeneratorProcess generator;
  gen::Recipe recipe;
  // Half of the first bytes choose a template.
  const size_t choice = input[0] / 2 % gen::Seeds().size();
  recipe.template_index = input[0] % 2 == 0 ? -1 : static_cast<int>(choice);
  recipe.parameters.memory = input[1] % 8 == 0;
  recipe.input.assign(input.begin() + 2, input.end());
  const auto module = generator.Generate(recipe);
  return module ? Differ(*module) : -1;
}

}  // namespace
}  // namespace slabhound::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return slabhound::fuzz::Run({data, size});
}
