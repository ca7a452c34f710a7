// What one generated module costs at each stage of a campaign, in microseconds: generation,
// decoding and validation, each engine, comparison. The bar: all but the first cost less than the
// first. SetUp is what a run on an engine costs beside its calls: the machine, imports,
// instantiation, the last collection, the final state and the end of it all; Machine is the first
// and the last of these alone. A survey (reach/survey.h) is none of these stages: one case in some
// has it.
#include <benchmark/benchmark.h>

#include <optional>
#include <utility>
#include <vector>

#include "diff/compare.h"
#include "diff/dispatch.h"
#include "engine/spec.h"
#include "gen/generate.h"
#include "reach/survey.h"
#include "testcase/testcase.h"
#include "trace/limits.h"

namespace slabhound::bench {
namespace {

constexpr uint64_t kSeed = 1;
constexpr uint64_t kModules = 1'000;

std::optional<diff::Prepared> PrepareBytes(const Bytes& bytes) {
  auto test_case = testcase::ReadTestCase(bytes);
  if (!test_case) return std::nullopt;
  auto prepared = diff::Prepare(*std::move(test_case));
  if (!prepared) return std::nullopt;
  return std::move(*prepared);
}

const std::vector<Bytes>& Modules() {
  static const std::vector<Bytes> modules = [] {
    std::vector<Bytes> made;
    for (uint64_t n = 0; n < kModules; ++n)
      made.push_back(gen::Generate(gen::MakeRecipe(kSeed, n)));
    return made;
  }();
  return modules;
}

const std::vector<diff::Prepared>& PreparedModules() {
  static const std::vector<diff::Prepared> prepared = [] {
    std::vector<diff::Prepared> made;
    for (const Bytes& bytes : Modules()) {
      if (auto one = PrepareBytes(bytes)) made.push_back(*std::move(one));
    }
    return made;
  }();
  return prepared;
}

void BM_Generate(benchmark::State& state) {
  uint64_t number = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(gen::Generate(gen::MakeRecipe(kSeed, number++ % kModules)));
  }
}

void BM_Prepare(benchmark::State& state) {
  const std::vector<Bytes>& modules = Modules();
  size_t number = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(PrepareBytes(modules[number++ % kModules]));
  }
}

void BM_Run(benchmark::State& state, const engine::EngineSpec& spec) {
  const std::vector<diff::Prepared>& prepared = PreparedModules();
  const worker::Lab lab;
  size_t number = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(diff::Run(prepared[number++ % prepared.size()], spec, lab));
  }
}

// Those of about 1 KB, with nothing to call.
const std::vector<diff::Prepared>& IdleModules() {
  static const std::vector<diff::Prepared> prepared = [] {
    std::vector<diff::Prepared> made;
    for (const Bytes& bytes : Modules()) {
      if (bytes.size() < 900 || bytes.size() > 1'150) continue;
      if (auto one = PrepareBytes(bytes)) made.push_back(*std::move(one));
    }
    for (diff::Prepared& each : made) each.plan.calls.clear();
    return made;
  }();
  return prepared;
}

void BM_SetUp(benchmark::State& state, const engine::EngineSpec& spec) {
  const std::vector<diff::Prepared>& prepared = IdleModules();
  const worker::Lab lab;
  size_t number = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(diff::Run(prepared[number++ % prepared.size()], spec, lab));
  }
  state.counters["modules"] = static_cast<double>(prepared.size());
}

void BM_Machine(benchmark::State& state, const engine::EngineSpec& spec) {
  const std::vector<diff::Prepared>& prepared = IdleModules();
  const worker::Lab lab;
  size_t number = 0;
  for (auto _ : state) {
    const diff::Prepared& each = prepared[number++ % prepared.size()];
    benchmark::DoNotOptimize(diff::MakeMachine(spec, *each.types, lab.limits.Of(each).machine));
  }
}

// Everything behind generation, as a campaign does it.
void BM_Judge(benchmark::State& state) {
  const std::vector<engine::EngineSpec> engines = engine::DefaultEngines();
  const std::vector<Bytes>& modules = Modules();
  const worker::Lab lab;
  size_t number = 0, findings = 0;
  for (auto _ : state) {
    const auto prepared = PrepareBytes(modules[number++ % kModules]);
    if (prepared) findings += diff::Judge(*prepared, engines, lab).is_finding() ? 1 : 0;
  }
  state.counters["findings"] = static_cast<double>(findings);
}

// Of one case in reach::kOneCaseIn.
void BM_Survey(benchmark::State& state) {
  const std::vector<diff::Prepared>& prepared = PreparedModules();
  const worker::Lab lab;
  size_t number = 0;
  for (auto _ : state) {
    const diff::Prepared& each = prepared[number % prepared.size()];
    benchmark::DoNotOptimize(reach::Survey(each, {}, number++, lab.limits.Of(each)));
  }
}

BENCHMARK(BM_Generate)->Unit(benchmark::kMicrosecond)->Iterations(kModules);
BENCHMARK(BM_Prepare)->Unit(benchmark::kMicrosecond)->Iterations(kModules);
BENCHMARK(BM_Survey)->Unit(benchmark::kMicrosecond)->Iterations(kModules);
BENCHMARK(BM_Judge)->Unit(benchmark::kMicrosecond)->Iterations(kModules);

[[maybe_unused]] const bool kRegistered = [] {
  for (const auto& [name, run] :
       {std::pair("BM_Run/", &BM_Run), {"BM_SetUp/", &BM_SetUp}, {"BM_Machine/", &BM_Machine}}) {
    for (const engine::EngineSpec& spec : engine::DefaultEngines()) {
      benchmark::RegisterBenchmark((name + engine::EngineText(spec)).c_str(), run, spec)
          ->Unit(benchmark::kMicrosecond)
          ->Iterations(kModules);
    }
  }
  return true;
}();

}  // namespace
}  // namespace slabhound::bench
