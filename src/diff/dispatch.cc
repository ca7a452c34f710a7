#include "diff/dispatch.h"

#include <chrono>

#include "base/check.h"
#include "diff/command_run.h"
#include "exec/machine.h"
#include "oracle/machine.h"
#include "trace/run.h"
#include "worker/run.h"

namespace slabhound::diff {
namespace {

exec::Config ConfigOf(const engine::SlabSpec& slab) {
  return {.collector = slab.collector,
          .schedule = slab.schedule,
          .settings = slab.settings,
          .fault = slab.fault};
}

}  // namespace

Result<Prepared, wasm::Error> Prepare(testcase::TestCase test_case) {
  TRY_ASSIGN(testcase::Prepared plain, testcase::Prepare(std::move(test_case)));
  return Prepared{std::move(plain), std::make_unique<bytecode::CodeCache>()};
}

std::unique_ptr<machine::Machine> MakeMachine(const engine::EngineSpec& spec,
                                              wasm::TypeStore& types,
                                              const machine::Limits& limits) {
  switch (spec.kind) {
    case engine::EngineKind::Oracle:
      return oracle::MakeMachine(types, limits);
    case engine::EngineKind::Slab:
      return exec::MakeMachine(types, limits, ConfigOf(spec.slab));
    default:
      UNREACHABLE();
  }
}

namespace {

// A run that takes longer hangs: its fuel is used up in a small part of that.
GuardNote::Time TimeOf(const trace::RunLimits& limits) {
  constexpr uint64_t kFuelPerSecond = 1'000'000;
  const std::chrono::seconds cpu(10 + limits.fuel_total / kFuelPerSecond);
  return {cpu, 6 * cpu};
}

trace::Trace RunHere(const Prepared& prepared, const engine::EngineSpec& spec,
                     const trace::RunLimits& limits, GuardNote* note) {
  if (spec.kind == engine::EngineKind::Oracle) {
    const auto machine = oracle::MakeMachine(*prepared.types, limits.machine);
    return trace::RunOn(*machine, prepared, limits, note);
  }
  exec::Config config = ConfigOf(spec.slab);
  config.cost_per_point = limits.collection_cost_per_point;
  config.code_cache = prepared.code.get();
  const auto machine = exec::MakeMachine(*prepared.types, limits.machine, config);
  return trace::RunOn(*machine, prepared, limits, note);
}

}  // namespace

trace::Trace Run(const Prepared& prepared, const engine::EngineSpec& spec, const worker::Lab& lab) {
  if (spec.kind == engine::EngineKind::Command) return RunCommand(prepared, spec, lab);
  if (!engine::InProcess(spec)) return worker::RunPortable(prepared, spec, lab);
  const trace::RunLimits limits = lab.limits.Of(prepared);
  if (lab.note == nullptr) return RunHere(prepared, spec, limits, nullptr);
  lab.note->Begin(engine::EngineText(spec), TimeOf(limits));
  trace::Trace trace = RunHere(prepared, spec, limits, lab.note);
  lab.note->End();
  return trace;
}

}  // namespace slabhound::diff
