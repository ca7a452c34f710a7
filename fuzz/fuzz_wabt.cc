// A fuzzer's bytes → a GC-free module of Binaryen's → our oracle and wabt's interpreter, which
// nobody here wrote: results, traps, import calls, final globals and memories agree, or the process
// aborts.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "fuzz/generator_process.h"
#include "fuzz/observation.h"
#include "testcase/testcase.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::fuzz {
namespace {

// A memory or table that may grow further on one side than on the other would say nothing.
constexpr uint64_t kPagesMax = 64, kElementsMax = 10'000;

void Bound(wasm::Limits& limits, uint64_t max) {
  limits.max = std::min(limits.max.value_or(max), max);
}

// Binaryen writes ref.as_non_null here and there although its features are off.
bool IsKnownToWabt(const wasm::Module& module) {
  return std::ranges::all_of(module.functions, [](const wasm::Function& function) {
    return std::ranges::all_of(function.body.code, [](const wasm::Instr& instr) {
      return wasm::Info(instr.op).feature <= wasm::Feature::ReferenceTypes;
    });
  });
}

bool Comparable(const wasm::Module& module) {
  const auto fits = [](const wasm::Limits& limits) { return limits.min <= limits.max; };
  return !module.start.has_value() && IsKnownToWabt(module) &&
         std::ranges::all_of(module.imports,
                             [](const wasm::Import& import) {
                               return import.kind() == wasm::ExternKind::Func ||
                                      import.kind() == wasm::ExternKind::Global;
                             }) &&
         std::ranges::all_of(module.memories,
                             [&](const wasm::Memory& each) { return fits(each.type.limits); }) &&
         std::ranges::all_of(module.tables,
                             [&](const wasm::Table& each) { return fits(each.type.limits); });
}

[[noreturn]] void Disagree(std::string_view what, const std::string& oracle,
                           const std::string& wabt) {
  fmt::print(stderr, "fuzz: oracle and wabt disagree, {}\noracle: {}\nwabt:   {}\n", what, oracle,
             wabt);
  std::abort();
}

void Compare(const Observation& oracle, const Observation& wabt) {
  const size_t steps = std::min(oracle.steps.size(), wabt.steps.size());
  for (size_t step = 0; step < steps; ++step) {
    const Step &ours = oracle.steps[step], &theirs = wabt.steps[step];
    for (size_t i = 0; i < std::max(ours.size(), theirs.size()); ++i) {
      const std::string left = i < ours.size() ? ours[i] : "nothing";
      const std::string right = i < theirs.size() ? theirs[i] : "nothing";
      if (left != right) Disagree(fmt::format("step {} event {}", step, i), left, right);
    }
  }
  if (oracle.steps.size() != wabt.steps.size() && !oracle.exhausted && !wabt.exhausted) {
    Disagree("number of steps", fmt::format("{}", oracle.steps.size()),
             fmt::format("{}", wabt.steps.size()));
  }
}

int Run(ByteSpan input) {
  if (input.empty()) return -1;
  static GeneratorProcess generator;
  gen::Recipe recipe;
  recipe.parameters.gc = false;
  recipe.parameters.memory = input[0] % 4 != 0;
  recipe.input.assign(input.begin() + 1, input.end());
  const auto generated = generator.Generate(recipe);
  if (!generated) return -1;
  auto module = wasm::Decode(*generated);
  if (!module) Disagree("decoding", module.error().Message(), "not asked");
  for (wasm::Memory& memory : module->memories) Bound(memory.type.limits, kPagesMax);
  for (wasm::Table& table : module->tables) Bound(table.type.limits, kElementsMax);
  if (!Comparable(*module)) return -1;
  const Bytes encoded = wasm::Encode(*module);
  const testcase::Plan plan = testcase::DefaultPlan(*module);
  const auto prepared = diff::Prepare(testcase::TestCase{*std::move(module), plan});
  if (!prepared) Disagree("validation", prepared.error().Message(), "not asked");

  const Observation oracle = ObserveOracle(*prepared);
  std::string refusal;
  const auto wabt = ObserveWabt(encoded, *prepared, oracle.steps.size(), refusal);
  if (!wabt) Disagree("validation", "valid", refusal);
  Compare(oracle, *wabt);
  return 0;
}

}  // namespace
}  // namespace slabhound::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return slabhound::fuzz::Run({data, size});
}
