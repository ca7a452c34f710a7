#include "diff/portable_run.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <memory>
#include <string>

#include "diff/compare.h"
#include "diff/known.h"
#include "diff/portable_trace.h"
#include "diff/process_engine.h"
#include "diff/recurrence.h"
#include "diff/trap_text.h"
#include "diff/worker_command.h"
#include "testcase/avoid.h"
#include "testcase/portable.h"
#include "wasm/encode.h"

namespace slabhound::diff {
namespace {

constexpr uint32_t kPointsDefault = 2;  // one of so many places for a collection gets it
constexpr uint64_t kFullCost = 8;       // of a full collection in minor ones

// Forms and engines of this process run out of fuel at the same bulk instruction.
static_assert(embed::kBulkUnitsPerFuel == uint64_t{1} << testcase::kBulkShift);

// What a configuration says of collections (engine.h, 1).
struct Settings {
  Collection gc = Collection::Minor;
  uint32_t points = kPointsDefault;
  uint64_t seed = 0;
};

Settings SettingsOf(const EngineSpec& spec) {
  Settings settings;
  if (spec.kind == EngineKind::Worker) return settings;
  for (const std::string_view option : spec.options) {
    const std::string_view value = option.substr(option.find('=') + 1);
    const char* end = value.data() + value.size();
    if (option.starts_with("points=")) std::from_chars(value.data(), end, settings.points);
    if (option.starts_with("seed=")) std::from_chars(value.data(), end, settings.seed);
    if (!option.starts_with("gc=")) continue;
    for (const Collection kind : {Collection::None, Collection::Minor, Collection::Full}) {
      if (CollectionName(kind) == value) settings.gc = kind;
    }
  }
  return settings;
}

// The workers of this process.
ProcessEngine& WorkerOf(const std::string& text, std::vector<std::string> command) {
  static std::map<std::string, std::unique_ptr<ProcessEngine>> workers;
  auto& worker = workers[text];
  if (worker == nullptr) worker = std::make_unique<ProcessEngine>(std::move(command));
  return *worker;
}

Trace FailureTrace(const WorkerFailure& failure, const std::optional<Recurrence>& recurrence) {
  if (failure.kind == FailureKind::Start) return Unusable("its worker: " + failure.detail);
  Trace trace;
  if (failure.kind == FailureKind::OutOfMemory) {
    trace.events.push_back({EventKind::Instantiate, {}, "exhausted heap"});
    trace.heap_exhausted = true;
    return trace;
  }
  std::string kind = PanicKind(failure);
  if (recurrence) {
    if (const auto text = recurrence->Text(); !text.empty()) kind += fmt::format(" ({})", text);
    trace.recurrence = std::make_shared<const Recurrence>(*recurrence);
  }
  trace.events.push_back({EventKind::Panic, {}, kind});
  trace.panic = embed::Panic{std::move(kind), failure.detail};
  return trace;
}

// Runs the request; a failure that may not be the request's doing is looked into.
Trace RunRequestOn(ProcessEngine& worker, const Prepared& prepared, const EngineSpec& spec,
                   const SentRun& sent, std::chrono::milliseconds recurrence_time) {
  auto run = worker.Run(sent.module, sent.request);
  if (run) return WorkerTrace(prepared, spec, *std::move(run));
  const WorkerFailure failure = run.error();
  if (failure.kind == FailureKind::Start || failure.kind == FailureKind::OutOfMemory) {
    return FailureTrace(failure, {});
  }
  std::vector<SentRun> history(worker.history().begin(), worker.history().end());
  RecurrenceLimits limits{.time = recurrence_time};
  // A busy machine or somebody else may have been the cause, so it must happen again.
  const bool by_chance =
      failure.kind == FailureKind::Timeout || failure.kind == FailureKind::Killed;
  if (by_chance) {
    run = worker.Run(sent.module, sent.request);
    if (!run) return FailureTrace(run.error(), {});
    limits.tries_max = 2;
  }
  if (history.empty() && !by_chance) return FailureTrace(failure, {});
  const auto fails = [&failure](const Result<WorkerRun, WorkerFailure>& again) {
    return !again && again.error().signature == failure.signature;
  };
  Recurrence found;
  if (!history.empty()) {
    found = RecurByKind(failure.signature, worker, std::move(history), sent, fails, limits);
  }
  if (by_chance && found.seen == 0) return WorkerTrace(prepared, spec, *std::move(run));
  return FailureTrace(failure, found);
}

PortableStep StepOf(const EngineSpec& spec, WorkerStep& from) {
  const bool cut = from.log.size() < from.logged;
  PortableStep step{StepEnd::Failed, from.message, std::move(from.log), cut};
  switch (from.end) {
    case WorkerEnd::Returns:
      step.end = StepEnd::Returned;
      break;
    case WorkerEnd::Trap:
      step.end = StepEnd::Trapped;
      step.text = from.kind.empty() ? TrapText(spec.kind, from.message) : TrapKindText(from.kind);
      break;
    case WorkerEnd::Limit:
      step.end = StepEnd::HostLimit;
      step.text = from.kind;
      break;
    case WorkerEnd::Exception:
      step.text = "an exception came out";
      break;
    case WorkerEnd::Rejected:
      step.text = std::string(kRefused) + from.message;
      break;
    case WorkerEnd::InternalError:
      break;
  }
  return step;
}

// Applies the avoidances of known disagreements; the names of those that changed the module.
std::vector<std::string> AvoidKnown(const EngineSpec& spec, std::string_view version,
                                    wasm::Module& module) {
  static const std::string today = Today();
  std::vector<std::string> names;
  for (const KnownEntry& entry : KnownEntries()) {
    const bool applies = entry.avoidance != testcase::Avoidance::None &&
                         IsAbout(entry, spec, version) && !IsExpired(entry, today);
    if (applies && testcase::Avoid(entry.avoidance, module)) names.emplace_back(entry.name);
  }
  return names;
}

}  // namespace

Trace WorkerTrace(const Prepared& prepared, const EngineSpec& spec, WorkerRun run) {
  std::vector<PortableStep> steps;
  steps.push_back(StepOf(spec, run.instantiate));
  for (WorkerStep& call : run.calls) steps.push_back(StepOf(spec, call));
  Trace trace = PortableTrace(*prepared.module.module, prepared.plan, steps);
  const WorkerStep& last = run.calls.empty() ? run.instantiate : run.calls.back();
  if (last.end == WorkerEnd::InternalError) {
    trace.panic = embed::Panic{"internal error: " + StableText(last.message), last.message};
  }
  return trace;
}

Result<PortableRequest, std::string> MakeRequest(const Prepared& prepared, const EngineSpec& spec,
                                                 const RunLimits& limits,
                                                 std::string_view version) {
  Settings settings = SettingsOf(spec);
  if (InfoOf(spec.kind).gc_max == 0) settings.gc = Collection::None;
  const testcase::TestCase test_case{*prepared.module.module, prepared.plan};
  const testcase::PortableOptions options{
      .exceptions = TakesExceptions(spec),
      .fuel_per_call = static_cast<uint32_t>(limits.fuel_per_call),
      .fuel_total = static_cast<uint32_t>(limits.fuel_total),
      .call_depth_max = limits.machine.call_depth_max,
      .memory_pages_max = limits.machine.memory_pages_max,
      .table_elements_max = limits.machine.table_elements_max,
      .gc_one_in = settings.gc == Collection::None ? 0 : settings.points,
      .gc_seed = settings.seed,
      .straight = settings.gc != Collection::None};
  auto portable = testcase::MakePortable(test_case, options);
  if (!portable) return Fail("no portable form: " + portable.error().message);
  std::vector<std::string> avoided = AvoidKnown(spec, version, *portable);
  RunRequest request{.gc = settings.gc, .gc_max = InfoOf(spec.kind).gc_max, .valid = true};
  if (settings.gc == Collection::Full)
    request.gc_max = (request.gc_max + kFullCost - 1) / kFullCost;
  for (size_t i = 0; i < prepared.plan.calls.size(); ++i) {
    request.exports.push_back(fmt::format("call {}", i));
  }
  request.exports.emplace_back("state");
  return PortableRequest{wasm::Encode(*portable), std::move(request), std::move(avoided)};
}

namespace {

// Makes the request for the engine's worker, and has `run` turn it into a trace.
template <typename Run>
Trace WithWorker(const Prepared& prepared, const EngineSpec& spec, const RunLimits& limits,
                 const Run& run) {
  auto command = WorkerCommand(spec);
  if (!command) return Unusable(std::move(command.error()));
  ProcessEngine& worker = WorkerOf(EngineText(spec), *std::move(command));
  if (const auto started = worker.Start(); !started) return FailureTrace(started.error(), {});
  const std::string version = worker.hello().version;
  auto made = MakeRequest(prepared, spec, limits, version);
  if (!made) return Unusable(std::move(made.error()));
  Trace trace = run(worker, SentRun{std::move(made->request), std::move(made->module)});
  trace.engine_version = version;
  trace.avoided = std::move(made->avoided);
  return trace;
}

}  // namespace

Trace RunPortable(const Prepared& prepared, const EngineSpec& spec, const RunLimits& limits) {
  return WithWorker(prepared, spec, limits, [&](ProcessEngine& worker, const SentRun& sent) {
    return RunRequestOn(worker, prepared, spec, sent, limits.recurrence_time);
  });
}

Trace RunPortableAfter(std::span<const SentRun> history, const Prepared& prepared,
                       const EngineSpec& spec, const RunLimits& limits) {
  constexpr std::chrono::minutes kReplayTime{5};
  return WithWorker(prepared, spec, limits, [&](ProcessEngine& worker, const SentRun& sent) {
    if (!Replay(worker, history, DeadlineIn(kReplayTime))) {
      return Unusable("its worker failed, or ran out of time, in the history already");
    }
    auto run = worker.Run(sent.module, sent.request);
    if (run) return WorkerTrace(prepared, spec, *std::move(run));
    return FailureTrace(run.error(), Recurrence{1, 1, {history.begin(), history.end()}});
  });
}

Recurrence LookInto(const Prepared& prepared, const EngineSpec& reference, const Trace& expected,
                    const EngineSpec& suspect, const std::string& signature,
                    const RunLimits& limits) {
  Recurrence found{1, 1};
  WithWorker(prepared, suspect, limits, [&](ProcessEngine& worker, const SentRun& sent) {
    std::vector<SentRun> history(worker.history().begin(), worker.history().end());
    const auto diverges = [&](Result<WorkerRun, WorkerFailure> run) {
      if (!run) return false;
      const Trace pair[] = {expected, WorkerTrace(prepared, suspect, *std::move(run))};
      const EngineSpec both[] = {reference, suspect};
      return Compare(both, pair).signature == signature;
    };
    if (!history.empty()) {
      found = RecurByKind(signature, worker, std::move(history), sent, diverges,
                          {.time = limits.recurrence_time});
    }
    return Trace();
  });
  return found;
}

}  // namespace slabhound::diff
