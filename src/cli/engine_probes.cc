#include "cli/engine_probes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "base/check.h"
#include "diff/canary.h"
#include "diff/command_run.h"
#include "text/wat.h"
#include "wasm/encode.h"
#include "worker/command.h"
#include "worker/process_engine.h"
#include "worker/trap_text.h"

namespace slabhound::cli {
namespace {

enum class Group : uint8_t { Feature, Trap, Fidelity, Limit };
constexpr std::array<std::string_view, 4> kGroups = {"feature", "trap", "fidelity", "limit"};
enum class Expectation : uint8_t { Logs, Traps, Limits };

struct Probe {
  Group group;
  std::string_view what;
  Expectation expectation;
  std::string_view value, wat;
};
constexpr std::array kProbes = {
#define SLABHOUND_PROBE(group, what, expectation, value, wat) \
  Probe{Group::group, what, Expectation::expectation, value, wat},
#include "cli/engine_probes.def"
};

// Long enough for an engine that stops by itself, short enough for one that does not.
constexpr std::chrono::milliseconds kProbeTime{5'000};
constexpr uint64_t kProbeBytesMax = 1ull << 30;

Bytes ProbeModule(std::string_view wat) {
  const auto module = text::ReadModule(fmt::format(
      "(module (type $bytes (array i8)) (import \"slabhound\" \"log\" (func $log (param i64)))"
      "(import \"slabhound\" \"gc\" (func $gc))"
      "(import \"slabhound\" \"host\" (func $host (param i32) (result externref)))"
      "(import \"slabhound\" \"host-number\" (func $number (param externref) (result i32))) {})",
      wat));
  CHECK(module.has_value());
  return wasm::Encode(*module);
}

struct Answer {
  std::string text;
  bool wrong = false;
};

std::string LogText(const worker::WorkerStep& step) {
  std::string text;
  for (const uint64_t value : step.log)
    text += fmt::format("{}{:x}", text.empty() ? "" : " ", value);
  return text;
}

// Whether `kind` is one of the words of `kinds`, with | between them.
bool OneOf(std::string_view kinds, std::string_view kind) {
  while (!kinds.empty()) {
    const size_t bar = kinds.find('|');
    if (kinds.substr(0, bar) == kind) return true;
    kinds = bar == std::string_view::npos ? std::string_view() : kinds.substr(bar + 1);
  }
  return false;
}

Answer JudgeStep(const Probe& probe, engine::EngineKind engine, const worker::WorkerStep& step) {
  using worker::WorkerEnd;
  switch (step.end) {
    case WorkerEnd::Returns:
      if (probe.expectation == Expectation::Logs && LogText(step) != probe.value) {
        return {fmt::format("logs {} instead of {}", LogText(step), probe.value), true};
      }
      if (probe.expectation == Expectation::Traps) return {"no trap", true};
      return {probe.expectation == Expectation::Logs ? "yes" : "returns"};
    case WorkerEnd::Trap: {
      const trace::TrapSet told = worker::TrapsOf(engine, step);
      const bool right =
          probe.expectation == Expectation::Traps && told.Agrees(trace::ParseTraps(probe.value));
      const bool any = told == trace::TrapSet::Any();
      return {fmt::format("{} ({})", any ? "some trap" : told.Text(), step.message), !right};
    }
    case WorkerEnd::Limit:
      return {fmt::format("limit: {} ({})", step.kind, step.message),
              probe.expectation != Expectation::Limits || !OneOf(probe.value, step.kind)};
    case WorkerEnd::Rejected:
      return {"no: " + step.message.substr(0, 120), probe.group != Group::Feature};
    case WorkerEnd::Exception:
      return {"an exception", true};
    case WorkerEnd::InternalError:
      return {"internal error: " + step.message.substr(0, 120), true};
  }
  UNREACHABLE();
}

Answer Ask(const Probe& probe, const engine::EngineSpec& spec, worker::ProcessEngine& engine) {
  const auto run =
      engine.Run(ProbeModule(probe.wat),
                 {.exports = {"call 0"}, .gc = engine::Collection::Full, .gc_max = 100});
  if (run) {
    const bool called = !run->calls.empty();
    return JudgeStep(probe, spec.kind, called ? run->calls.front() : run->instantiate);
  }
  // Ends of a worker at its limits are what limits are for; anywhere else they are wrong.
  const trace::Failure& failure = run.error();
  const bool by_limit = failure.kind == trace::FailureKind::OutOfMemory ||
                        failure.kind == trace::FailureKind::Timeout;
  return {fmt::format("the worker ends: {}", trace::FailureText(failure)),
          probe.group != Group::Limit || !by_limit};
}

// Milliseconds of one forced collection, with next to nothing alive.
std::string CollectionTimes(worker::ProcessEngine& engine) {
  constexpr uint64_t kCollections = 50;
  const Bytes module = ProbeModule(
      "(func (export \"call 0\") (local $i i32) (loop $again (call $gc)"
      " (local.set $i (i32.add (local.get $i) (i32.const 1)))"
      " (br_if $again (i32.lt_u (local.get $i) (i32.const 50)))))");
  const auto time = [&](engine::Collection kind) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 3; ++i) {
      if (!engine.Run(module, {.exports = {"call 0"}, .gc = kind, .gc_max = kCollections}))
        return -1.0;
    }
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    return took.count() / 3 / kCollections;
  };
  if (engine.hello().collections.empty()) return "cannot be forced";
  time(engine::Collection::None);  // compiles, warms up
  const double base = time(engine::Collection::None);
  std::string text;
  for (const engine::Collection kind : {engine::Collection::Minor, engine::Collection::Full}) {
    const std::string name(engine::CollectionName(kind));
    bool can = false;
    for (const std::string& each : engine.hello().collections) can |= each == name;
    if (can)
      text += fmt::format("{}{} {:.3f} ms", text.empty() ? "" : ", ", name,
                          std::max(0.0, time(kind) - base));
  }
  return text;
}

// The probe for a command: what it would log is checked in the module, which traps where that is
// wrong.
wasm::Module CommandProbe(const Probe& probe) {
  std::vector<std::string_view> expected;
  if (probe.expectation == Expectation::Logs) {
    for (std::string_view rest = probe.value; !rest.empty();) {
      const size_t space = std::min(rest.find(' '), rest.size());
      expected.push_back(rest.substr(0, space));
      rest.remove_prefix(std::min(space + 1, rest.size()));
    }
  }
  std::string checks;
  for (size_t i = 0; i < expected.size(); ++i) {
    checks += fmt::format(
        "(if (i32.eq (global.get $logged) (i32.const {})) (then (if (i64.ne (local.get 0) "
        "(i64.const 0x{})) (then unreachable))))",
        i, expected[i]);
  }
  const auto read = [&](const std::string& entry) {
    auto module = text::ReadModule(fmt::format(
        "(module (type $bytes (array i8)) (global $logged (mut i32) (i32.const 0))"
        "(func $log (param i64) {} (global.set $logged (i32.add (global.get $logged) (i32.const "
        "1)))) (func $gc) {} {})",
        checks, probe.wat, entry));
    CHECK(module.has_value());
    return *std::move(module);
  };
  const wasm::Module without = read("");
  const auto call = std::ranges::find(without.exports, "call 0", &wasm::Export::name);
  CHECK(call != without.exports.end());
  const std::string all_logged = expected.empty()
                                     ? std::string()
                                     : fmt::format(
                                           "(if (i32.ne (global.get $logged) (i32.const {})) (then "
                                           "unreachable))",
                                           expected.size());
  return read(
      fmt::format("(func (export \"run\") (export \"_start\") (export \"main\") (call {}) {})",
                  call->index, all_logged));
}

Answer AskCommand(const Probe& probe, const engine::EngineSpec& spec) {
  const diff::CommandEnd end = diff::RunCommandOn(spec, CommandProbe(probe));
  if (end.unusable) return {"no: " + *end.unusable, true};
  if (end.failure) {
    const bool by_limit = end.failure->kind == trace::FailureKind::OutOfMemory ||
                          end.failure->kind == trace::FailureKind::Timeout;
    return {fmt::format("the command ends: {}", trace::FailureText(*end.failure)),
            probe.group != Group::Limit || !by_limit};
  }
  switch (probe.expectation) {
    case Expectation::Logs:
      return end.returned ? Answer{"yes"}
                          : Answer{"no: " + end.text, probe.group != Group::Feature};
    case Expectation::Traps:
      return end.returned ? Answer{"no trap", true} : Answer{"some trap (" + end.text + ")"};
    case Expectation::Limits:
      return {end.returned ? "returns" : "ends with " + end.text};
  }
  UNREACHABLE();
}

// One line for each answer.
void AddLine(ProbeReport& report, std::string_view group, std::string_view what,
             const Answer& answer) {
  report.text +=
      fmt::format("{:<9} {:<40} {}{}\n", group, what, answer.wrong ? "WRONG: " : "", answer.text);
  report.wrong += answer.wrong ? 1 : 0;
}

ProbeReport ProbeCommand(const engine::EngineSpec& spec) {
  ProbeReport report;
  const auto canary = diff::SendCanary(spec);
  if (!canary) {
    report.text =
        fmt::format("{}: it cannot be used: {}", engine::EngineText(spec), canary.error().text);
    return report;
  }
  report.ran = true;
  report.text = fmt::format("{} (its exit code is all that it tells)\n", engine::EngineText(spec));
  for (const Probe& probe : kProbes) {
    // Nobody gives a command host objects.
    if (probe.wat.contains("$host")) continue;
    AddLine(report, kGroups[static_cast<size_t>(probe.group)], probe.what, AskCommand(probe, spec));
  }
  report.text += fmt::format("modules   it is given those {} exceptions\n",
                             canary->exceptions ? "with" : "without");
  return report;
}

}  // namespace

ProbeReport ProbeEngine(const engine::EngineSpec& spec) {
  if (spec.kind == engine::EngineKind::Command) return ProbeCommand(spec);
  ProbeReport report;
  auto command = worker::WorkerCommand(spec);
  if (!command) {
    report.text = command.error();
    return report;
  }
  worker::ProcessEngine engine(*std::move(command),
                               {.run_time = kProbeTime, .data_bytes_max = kProbeBytesMax});
  if (const auto started = engine.Start(); !started) {
    report.text = started.error().detail;
    return report;
  }
  report.ran = true;
  report.text = fmt::format("{} ({} {})\n", engine::EngineText(spec), engine.hello().engine,
                            engine.hello().version);
  for (const Probe& probe : kProbes) {
    AddLine(report, kGroups[static_cast<size_t>(probe.group)], probe.what,
            Ask(probe, spec, engine));
  }
  AddLine(report, "forced gc", "one collection takes", {CollectionTimes(engine)});
  return report;
}

}  // namespace slabhound::cli
