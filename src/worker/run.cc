#include "worker/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

#include "avoid/avoid.h"
#include "avoid/known.h"
#include "base/check.h"
#include "engine/info.h"
#include "portable/portable.h"
#include "portable/trace.h"
#include "wasm/encode.h"
#include "worker/command.h"
#include "worker/process_engine.h"
#include "worker/recurrence.h"
#include "worker/trap_text.h"

namespace slabhound::worker {
namespace {

using testcase::Prepared;
using trace::Trace;

constexpr uint64_t kFullCost = 8;  // of a full collection in minor ones

// Even an interpreter is done with it in a second or two.
constexpr uint64_t kFuelOfAnyEngine = 100'000;

// Forms and engines of this process run out of fuel at the same bulk instruction.
static_assert(machine::kBulkUnitsPerFuel == uint64_t{1} << portable::kBulkShift);

// Of a run that an engine's own limit ended before it told anything.
Trace LimitTrace(trace::Limit limit) {
  Trace trace;
  trace.events.push_back({trace::EventKind::Instantiate, {}, trace::Exhausted{limit}});
  trace.NoteExhausted(limit);
  return trace;
}

Trace FailureTrace(const trace::Failure& failure,
                   const std::optional<trace::Recurrence>& recurrence) {
  using trace::EventKind;
  if (failure.kind == trace::FailureKind::Start) {
    return trace::Unusable("its worker: " + failure.detail);
  }
  if (failure.kind == trace::FailureKind::SlowCompile) return LimitTrace(trace::Limit::SlowCompile);
  if (failure.kind == trace::FailureKind::OutOfMemory) return LimitTrace(trace::Limit::Memory);
  Trace trace;
  if (recurrence) trace.recurrence = std::make_shared<const trace::Recurrence>(*recurrence);
  trace.events.push_back({EventKind::Panic, {}, trace::Failed{failure.kind, failure.message}});
  trace.failure = failure;
  return trace;
}

Result<PortableRequest, std::string> MakeRequestWithin(const trace::RunLimits& limits,
                                                       const Prepared& prepared,
                                                       const engine::EngineSpec& spec,
                                                       const Lab& lab, std::string_view version);

// Whether a run that took too long may have had too much to do: with little fuel and few
// collections it ends, and it had much fuel, or all its collections would take long.
bool IsOnlySlow(ProcessEngine& worker, const Prepared& prepared, const engine::EngineSpec& spec,
                const Lab& lab) {
  constexpr uint64_t kCollections = 16;
  trace::RunLimits limits = lab.limits.Of(prepared);
  const bool much_fuel = limits.fuel_total > kFuelOfAnyEngine;
  limits.fuel_total = std::min(limits.fuel_total, kFuelOfAnyEngine);
  limits.fuel_per_call = std::min(limits.fuel_per_call, kFuelOfAnyEngine);
  auto less = MakeRequestWithin(limits, prepared, spec, lab, worker.hello().version);
  if (!less) return false;
  const uint64_t collections =
      less->request.gc == engine::Collection::None ? 0 : less->request.gc_max;
  if (!much_fuel && collections <= kCollections) return false;
  less->request.gc_max = std::min(less->request.gc_max, kCollections);
  const auto begin = std::chrono::steady_clock::now();
  if (!worker.Run(less->module, less->request)) return false;
  const auto all = (std::chrono::steady_clock::now() - begin) * (collections / kCollections);
  return much_fuel || all >= lab.workers->limits().run_time / 4;
}

// Runs the request; a failure that may not be the request's doing is looked into.
Trace RunRequestOn(ProcessEngine& worker, const Prepared& prepared, const engine::EngineSpec& spec,
                   const trace::SentRun& sent, const Lab& lab) {
  auto run = worker.Run(sent.module, sent.request);
  if (run) return WorkerTrace(prepared, spec, lab, *std::move(run));
  const trace::Failure failure = run.error();
  if (failure.kind == trace::FailureKind::Start ||
      failure.kind == trace::FailureKind::OutOfMemory) {
    return FailureTrace(failure, {});
  }
  if (failure.kind == trace::FailureKind::Timeout && lab.believes_timeouts) {
    return FailureTrace(failure, {});
  }
  std::vector<trace::SentRun> history(worker.history().begin(), worker.history().end());
  RecurrenceLimits limits{.time = lab.recurrence_time};
  // A busy machine or somebody else may have been the cause, so it must happen again.
  const bool by_chance =
      failure.kind == trace::FailureKind::Timeout || failure.kind == trace::FailureKind::Killed;
  if (by_chance) {
    trace::RunRequest telling = sent.request;
    telling.progress = true;
    run = worker.Run(sent.module, telling);
    if (!run && run.error().kind == trace::FailureKind::Timeout &&
        IsOnlySlow(worker, prepared, spec, lab)) {
      return LimitTrace(trace::Limit::Time);
    }
    if (!run) return FailureTrace(run.error(), {});
    limits.tries_max = 2;
  }
  if (history.empty() && !by_chance) return FailureTrace(failure, {});
  const auto fails = [&failure](const Result<WorkerRun, trace::Failure>& again) {
    return !again && again.error().is_same(failure);
  };
  trace::Recurrence found;
  if (!history.empty()) {
    found = RecurByKind(lab.workers->SpentOn(trace::FailureText(failure)), worker,
                        std::move(history), sent, fails, limits);
  }
  if (by_chance && found.seen == 0) return WorkerTrace(prepared, spec, lab, *std::move(run));
  return FailureTrace(failure, found);
}

trace::Limit LimitOf(std::string_view kind) {
  using enum trace::Limit;
  for (const auto& [name, limit] :
       {std::pair("stack", Stack), std::pair("memory", Memory), std::pair("allocation", Allocation),
        std::pair("fuel", OwnFuel), std::pair("time", Time)}) {
    if (kind == name) return limit;
  }
  return Other;
}

trace::Happening EndOf(const engine::EngineSpec& spec, const WorkerStep& step) {
  switch (step.end) {
    case WorkerEnd::Returns:
      return trace::Returned{};
    case WorkerEnd::Trap:
      return trace::Trapped{TrapsOf(spec.kind, step)};
    case WorkerEnd::Limit:
      return trace::Exhausted{LimitOf(step.kind)};
    case WorkerEnd::Exception:
      return trace::Uncaught{};
    case WorkerEnd::Rejected:
      return trace::Rejected{step.message};
    case WorkerEnd::InternalError:
      return trace::Failed{trace::FailureKind::InternalError, StableText(step.message)};
  }
  UNREACHABLE();
}

portable::PortableStep StepOf(const engine::EngineSpec& spec, WorkerStep& from) {
  const bool cut = from.log.size() < from.logged;
  return {EndOf(spec, from), std::move(from.log), cut};
}

// Applies the avoidances of known disagreements; the names of those that changed the module.
std::vector<std::string> AvoidKnown(const engine::EngineSpec& spec, std::string_view version,
                                    std::string_view today, wasm::Module& module) {
  std::vector<std::string> names;
  for (const avoid::KnownEntry& entry : avoid::KnownEntries()) {
    const bool applies = entry.avoidance != avoid::Avoidance::None &&
                         avoid::IsAbout(entry, spec, version) && !avoid::IsExpired(entry, today);
    if (applies && avoid::Avoid(entry.avoidance, module)) names.emplace_back(entry.name);
  }
  return names;
}

}  // namespace

Trace WorkerTrace(const Prepared& prepared, const engine::EngineSpec& spec, const Lab& lab,
                  WorkerRun run) {
  std::vector<portable::PortableStep> steps;
  steps.push_back(StepOf(spec, run.instantiate));
  for (WorkerStep& call : run.calls) steps.push_back(StepOf(spec, call));
  Trace trace = portable::PortableTrace(*prepared.module.module, prepared.plan, steps,
                                        lab.limits.Of(prepared).machine.object_bytes_max,
                                        lab.limits.keep_walks);
  const WorkerStep& last = run.calls.empty() ? run.instantiate : run.calls.back();
  if (last.end == WorkerEnd::InternalError) {
    trace.failure =
        trace::Failure{trace::FailureKind::InternalError, StableText(last.message), last.message};
  }
  return trace;
}

Result<PortableRequest, std::string> MakeRequest(const Prepared& prepared,
                                                 const engine::EngineSpec& spec, const Lab& lab,
                                                 std::string_view version) {
  return MakeRequestWithin(lab.limits.Of(prepared), prepared, spec, lab, version);
}

namespace {

Result<PortableRequest, std::string> MakeRequestWithin(const trace::RunLimits& limits,
                                                       const Prepared& prepared,
                                                       const engine::EngineSpec& spec,
                                                       const Lab& lab, std::string_view version) {
  using engine::Collection;
  const uint64_t gc_max = engine::InfoOf(spec.kind).gc_max;
  const engine::FormSpec form = engine::FormOf(spec);
  const Collection gc = *form.gc;
  const testcase::TestCase test_case{*prepared.module.module, prepared.plan};
  const portable::PortableOptions options =
      portable::Within(limits, {.exceptions = lab.TakesExceptions(spec),
                                .gc_one_in = *form.points,
                                .gc_seed = *form.seed,
                                .gc_per_call = form.collections,
                                .straight = *form.straight});
  auto portable = portable::MakePortable(test_case, options);
  if (!portable) return Fail("no portable form: " + portable.error().message);
  std::vector<std::string> avoided = AvoidKnown(spec, version, lab.today, *portable);
  trace::RunRequest request{.gc = gc, .gc_max = gc_max, .valid = true};
  if (gc == Collection::Full) request.gc_max = (gc_max + kFullCost - 1) / kFullCost;
  if (const auto per_call = spec.form.collections; per_call && gc != Collection::None) {
    request.gc_max = *per_call * (prepared.plan.calls.size() + 1);  // the start function too
  }
  for (size_t i = 0; i < prepared.plan.calls.size(); ++i) {
    request.exports.push_back(fmt::format("call {}", i));
  }
  request.exports.emplace_back("state");
  return PortableRequest{wasm::Encode(*portable), std::move(request), std::move(avoided)};
}

// Makes the request for the engine's worker, and has `run` turn it into a trace.
template <typename Run>
Trace WithWorker(const Prepared& prepared, const engine::EngineSpec& spec, const Lab& lab,
                 const Run& run) {
  auto command = WorkerCommand(spec);
  if (!command) return trace::Unusable(std::move(command.error()));
  ProcessEngine& worker = lab.workers->WorkerOf(engine::ProcessText(spec), *std::move(command));
  if (const auto started = worker.Start(); !started) return FailureTrace(started.error(), {});
  const std::string version = worker.hello().version;
  auto made = MakeRequest(prepared, spec, lab, version);
  if (!made) return trace::Unusable(std::move(made.error()));
  Trace trace = run(worker, trace::SentRun{std::move(made->request), std::move(made->module)});
  trace.engine_version = version;
  trace.avoided = std::move(made->avoided);
  return trace;
}

}  // namespace

Trace RunPortable(const Prepared& prepared, const engine::EngineSpec& spec, const Lab& lab) {
  return WithWorker(prepared, spec, lab, [&](ProcessEngine& worker, const trace::SentRun& sent) {
    return RunRequestOn(worker, prepared, spec, sent, lab);
  });
}

Trace RunPortableAfter(std::span<const trace::SentRun> history, const Prepared& prepared,
                       const engine::EngineSpec& spec, const Lab& lab) {
  constexpr std::chrono::minutes kReplayTime{5};
  return WithWorker(prepared, spec, lab, [&](ProcessEngine& worker, const trace::SentRun& sent) {
    if (!Replay(worker, history, DeadlineIn(kReplayTime))) {
      return trace::Unusable("its worker failed, or ran out of time, in the history already");
    }
    auto run = worker.Run(sent.module, sent.request);
    if (run) return WorkerTrace(prepared, spec, lab, *std::move(run));
    return FailureTrace(run.error(), trace::Recurrence{1, 1, {history.begin(), history.end()}});
  });
}

trace::Recurrence LookInto(const Prepared& prepared, const engine::EngineSpec& suspect,
                           const std::string& kind, const ShowsAgain& shows, const Lab& lab) {
  trace::Recurrence found{1, 1};
  WithWorker(prepared, suspect, lab, [&](ProcessEngine& worker, const trace::SentRun& sent) {
    std::vector<trace::SentRun> history(worker.history().begin(), worker.history().end());
    const auto happens = [&](Result<WorkerRun, trace::Failure> run) {
      return run && shows(WorkerTrace(prepared, suspect, lab, *std::move(run)));
    };
    if (!history.empty()) {
      found = RecurByKind(lab.workers->SpentOn(kind), worker, std::move(history), sent, happens,
                          {.time = lab.recurrence_time});
    }
    return Trace();
  });
  return found;
}

}  // namespace slabhound::worker
