#include "diff/dispatch.h"

#include "base/check.h"
#include "diff/command_run.h"
#include "exec/machine.h"
#include "oracle/machine.h"
#include "trace/run.h"
#include "worker/run.h"

namespace slabhound::diff {
namespace {

exec::Config ConfigOf(const engine::SlabSpec& slab) {
  return {.collector = slab.collector, .schedule = slab.schedule, .fault = slab.fault};
}

// As portable forms have them: memories may be as large as the module's own are from the start.
trace::RunLimits LimitsFor(const wasm::Module& module, trace::RunLimits limits) {
  const uint64_t usual = limits.machine.memory_pages_max;
  limits.machine.memory_pages_max = testcase::MemoryPagesMax(module, usual);
  if (limits.machine.memory_pages_max > usual) {
    limits.machine.memory_pages_total_max =
        limits.machine.memory_pages_max * (module.MemoryCount() + 1);
  }
  return limits;
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

trace::Trace Run(const Prepared& prepared, const engine::EngineSpec& spec, const worker::Lab& lab) {
  const trace::RunLimits limits =
      LimitsFor(*prepared.module.module, lab.limits.Of(prepared.plan));
  if (spec.kind == engine::EngineKind::Command) return RunCommand(prepared, spec, limits);
  if (!engine::InProcess(spec)) return worker::RunPortable(prepared, spec, lab);
  if (spec.kind == engine::EngineKind::Oracle) {
    const auto machine = oracle::MakeMachine(*prepared.types, limits.machine);
    return trace::RunOn(*machine, prepared, limits);
  }
  exec::Config config = ConfigOf(spec.slab);
  config.cost_per_point = limits.collection_cost_per_point;
  config.code_cache = prepared.code.get();
  const auto machine = exec::MakeMachine(*prepared.types, limits.machine, config);
  return trace::RunOn(*machine, prepared, limits);
}

}  // namespace slabhound::diff
