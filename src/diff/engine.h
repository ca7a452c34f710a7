// Engines: what runs a test case and yields a trace, in this process or behind a worker.
//
// 1. An engine and its configuration have one text, the same in flags, findings and commands:
//    oracle
//    slab:COLLECTOR:SCHEDULE[:FAULT]    as in slab:mark_sweep:every-allocation
//    NAME[@VERSION][:OPTION,OPTION…]    as in wasmtime@31.0.0:opt=speed,points=1
//    worker:COMMAND LINE
//    command:COMMAND LINE               a plain command, with {} for the file (command_run.h)
//    Options of engines behind workers: gc=none|minor|full, points=N (one of N places collects,
//    0 none), seed=N (which ones) and known=off (known.h, 2) are ours; all others go to the worker.
// 2. Run is deterministic in (prepared test case, specification, limits) for engines of this
//    process. Behind workers it is what the engine makes of it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bytecode/code_cache.h"
#include "diff/trace.h"
#include "embed/machine.h"
#include "exec/machine.h"
#include "testcase/testcase.h"
#include "valid/valid_module.h"

namespace slabhound::diff {

enum class EngineKind : uint8_t {
#define SLABHOUND_ENGINE(name, ...) name,
#define SLABHOUND_PROCESS_ENGINE(name, ...) name,
#include "diff/engines.def"
};

struct EngineSpec {
  EngineKind kind = EngineKind::Oracle;
  exec::Config slab = {};                 // of the slab engine
  std::string version = {};               // of engines behind workers
  std::vector<std::string> options = {};  // likewise, as given; of Worker, its command line
};
bool InProcess(const EngineSpec& spec);
std::string_view EngineName(const EngineSpec& spec);  // without its configuration and version

// A row of engines.def about an engine behind a worker.
struct ProcessEngineInfo {
  EngineKind kind;
  std::string_view text, option_prefix;
  uint64_t gc_max;
  int exceptions_since;
  std::string_view description;
};
std::span<const ProcessEngineInfo> ProcessEngines();
// Requires: the engine is behind a worker.
const ProcessEngineInfo& InfoOf(EngineKind kind);

std::string EngineText(const EngineSpec& spec);
std::optional<EngineSpec> ParseEngine(std::string_view text);

// Requires: an engine of this process.
std::unique_ptr<embed::Machine> MakeMachine(const EngineSpec& spec, wasm::TypeStore& types,
                                            const embed::Limits& limits);

// Oracle, and slab with mark_sweep under explicit, every-allocation and every-safepoint
// collections.
std::vector<EngineSpec> DefaultEngines(heap::Fault fault = heap::Fault::None);

// A decoded and validated test case, shared by all engines of this process.
struct Prepared {
  std::unique_ptr<wasm::TypeStore> types;
  valid::ValidModule module;
  testcase::Plan plan;
  std::unique_ptr<bytecode::CodeCache> code;  // of the slab engines
};
// An invalid module is the error; a generated one is then rejected.
Result<Prepared, wasm::Error> Prepare(const testcase::TestCase& test_case);
Result<Prepared, wasm::Error> Prepare(testcase::TestCase&& test_case);

// What one test case may use.
struct RunLimits {
  embed::Limits machine;
  uint64_t fuel_per_call = testcase::kFuelPerCall;
  uint64_t fuel_total = testcase::kFuelTotal;
  uint32_t collection_cost_per_point = 16;  // exec::Config::cost_per_point of slab engines
  // To find out what the failure of a worker needs to happen again (recurrence.h).
  std::chrono::milliseconds recurrence_time{12'000};
  RunLimits();
};

Trace Run(const Prepared& prepared, const EngineSpec& spec, const RunLimits& limits);

}  // namespace slabhound::diff
