#include "episode/run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "diff/compare.h"
#include "engine/info.h"
#include "episode/misses.h"
#include "episode/outcomes.h"
#include "script/judge.h"
#include "script/runner.h"
#include "worker/command.h"
#include "worker/run.h"

namespace slabhound::episode {
namespace {

constexpr uint32_t kCallDepthMax = 300;  // more than any script needs, less than engines have
constexpr uint64_t kFuelTotal = UINT32_MAX;
constexpr size_t kRunsMax = 100;  // of one episode

// In the words of an engine that takes a module and then cannot link it.
constexpr std::string_view kUnlinked = "unknown import: ";

worker::Lab EpisodeLab(std::shared_ptr<worker::Pool> workers, bool believes_timeouts) {
  worker::Lab lab{.workers = std::move(workers), .believes_timeouts = believes_timeouts};
  trace::RunLimits& limits = lab.limits;
  limits.machine = script::ScriptLimits();
  limits.machine.call_depth_max = kCallDepthMax;
  limits.fuel_per_call = limits.machine.fuel;
  limits.fuel_total = kFuelTotal;
  return lab;
}

// What ended each step of a run: the instantiation, then the calls in order.
std::vector<trace::Happening> Endings(const trace::Trace& trace) {
  std::vector<trace::Happening> endings;
  for (const trace::Event& event : trace.events) {
    if (event.kind == trace::EventKind::Instantiate || event.kind == trace::EventKind::Call) {
      endings.push_back(event.what);
    }
  }
  return endings;
}

// Collections happen where an episode forces them, and elsewhere only if that was asked for.
engine::EngineSpec EngineOf(const Episode& episode, engine::EngineSpec engine) {
  if (engine.form.gc) return engine;
  if (!episode.test_case.module.imports.empty()) {
    engine.form.points = engine.form.points.value_or(0);
  } else if (engine.command.empty()) {
    engine.form.gc = engine::Collection::None;
  }
  return engine;
}

bool Fits(const Step& step, const trace::Happening& ending) {
  static const wasm::TypeStore no_types;  // results are told by abstract types
  for (const machine::Outcome& outcome : OutcomesOf(ending, step.results)) {
    if (step.assertion != nullptr ? script::Meets(*step.assertion, outcome, no_types)
                                  : std::holds_alternative<machine::Returned>(outcome)) {
      return true;
    }
  }
  return false;
}

std::string Expected(const Step& step) {
  if (step.assertion == nullptr) return "a return";
  return script::ExpectedText(*step.assertion);
}

std::string Message(const Step& step, std::string_view came) {
  const std::string_view command = step.assertion == nullptr
                                       ? std::string_view("command")
                                       : script::AssertionName(step.assertion->expectation);
  return fmt::format("{}: {}: expected {}, came {}", command, step.what, Expected(step), came);
}

// The failure of a step, which came to this.
Note Failing(const Step& step, const trace::Happening& ending) {
  Note note{step.line, Message(step, trace::HappeningText(ending))};
  if (const auto* rejected = std::get_if<trace::Rejected>(&ending)) {
    note.instead = Instead::Rejected;
    note.words = rejected->reason;
  }
  return note;
}

}  // namespace

Result<EngineRun, std::string> EngineRun::Start(const engine::EngineSpec& engine,
                                                std::shared_ptr<worker::Pool> workers,
                                                bool believes_timeouts) {
  TRY_ASSIGN(std::vector<std::string> command, worker::WorkerCommand(engine));
  worker::ProcessEngine refuser(std::move(command));
  if (const auto started = refuser.Start(); !started) return Fail(started.error().detail);
  return EngineRun(engine, EpisodeLab(std::move(workers), believes_timeouts), std::move(refuser));
}

Report EngineRun::Run(const script::Script& script, std::string_view name) {
  Report report;
  Episodes episodes = CutScript(script);
  report.failed = std::move(episodes.failed);
  for (const Note& note : episodes.not_run) ++report.not_run[note.message];
  for (const Episode& episode : episodes.episodes) RunEpisode(episode, report);
  for (const Refusal& refusal : episodes.refusals) Offer(refusal, report);
  std::erase_if(report.failed, [&](const Note& note) {
    const Miss* miss = FindMiss(engine_.kind, refuser_.hello().version, name, note);
    if (miss == nullptr) return false;
    ++report.explained[fmt::format("{}: {}", miss->name, miss->reason)];
    return true;
  });
  std::ranges::sort(report.failed, {}, [](const Note& note) {
    return std::pair<uint32_t, std::string_view>(note.line, note.message);
  });
  return report;
}

void EngineRun::RunEpisode(const Episode& episode, Report& report) {
  const engine::EngineSpec engine = EngineOf(episode, engine_);
  const auto judge = [&report](const Step& step, const trace::Happening& ending) {
    if (!Fits(step, ending)) {
      report.failed.push_back(Failing(step, ending));
    } else if (step.assertion != nullptr) {
      ++report.passed;
    }
  };
  // Steps that have no ending yet, and the calls that are still made.
  size_t judged = 0;
  testcase::TestCase rest = episode.test_case;
  std::vector<size_t> calls(rest.plan.calls.size());
  for (size_t i = 0; i < calls.size(); ++i) calls[i] = i;
  // What became of the steps that are not judged.
  Note why{0, "no answer"};
  std::optional<trace::Happening> ended;
  for (size_t run = 0; run < kRunsMax && judged < episode.steps.size(); ++run) {
    const auto prepared = testcase::Prepare(rest);
    if (!prepared) {
      why.message = "an invalid module: " + prepared.error().Message();
      break;
    }
    const trace::Trace trace = worker::RunPortable(*prepared, engine, lab_);
    if (trace.unusable) {
      why.message = *trace.unusable;
      if (!engine::TakesExceptions(engine_)) why.instead = Instead::NoExceptions;
    }
    if (trace.failure) {
      why.message = fmt::format("the end of the worker: {}", trace::FailureText(*trace.failure));
    }
    const auto endings = Endings(trace);
    for (; judged < episode.steps.size(); ++judged) {
      const Step& step = episode.steps[judged];
      size_t at = 0;
      if (step.call)
        at = static_cast<size_t>(std::ranges::find(calls, *step.call) - calls.begin()) + 1;
      if (at >= endings.size()) break;
      judge(step, endings[at]);
    }
    if (!endings.empty() && endings.size() <= calls.size()) ended = endings.back();
    if (endings.size() < 2 || endings.size() > calls.size()) break;
    // The last one that ended met a limit: without it the others go on.
    const auto last = static_cast<std::ptrdiff_t>(endings.size()) - 2;
    calls.erase(calls.begin() + last);
    rest.plan.calls.erase(rest.plan.calls.begin() + last);
  }
  for (; judged < episode.steps.size(); ++judged) {
    const Step& step = episode.steps[judged];
    report.failed.push_back(ended ? Failing(step, *ended)
                                  : Note{step.line, Message(step, why.message), why.instead});
  }
}

void EngineRun::Offer(const Refusal& refusal, Report& report) {
  const auto run = refuser_.Run(refusal.bytes, {});
  std::string came;
  Instead instead = Instead::Other;
  if (!run) {
    came = "the end of the worker: " + trace::FailureText(run.error());
  } else if (run->instantiate.end == worker::WorkerEnd::Rejected &&
             run->instantiate.message.find(kUnlinked) == std::string::npos) {
    ++report.passed;
    return;
  } else {
    came = "a module that is taken";
    instead = Instead::TookInvalid;
  }
  report.failed.push_back({refusal.line,
                           fmt::format("{}: expected {}, came {}",
                                       script::AssertionName(refusal.assertion->expectation),
                                       script::ExpectedText(*refusal.assertion), came),
                           instead});
}

}  // namespace slabhound::episode
