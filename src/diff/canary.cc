#include "diff/canary.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "base/check.h"
#include "diff/command_run.h"
#include "engine/info.h"
#include "portable/self_checking.h"
#include "text/wat.h"
#include "wasm/encode.h"
#include "worker/command.h"
#include "worker/process_engine.h"

namespace slabhound::diff {
namespace {

using engine::EngineKind;
using engine::EngineSpec;
using worker::WorkerEnd;
using worker::WorkerStep;

// What a worker calls, and must log; nothing for the one that traps.
struct WorkerCanary {
  std::string_view name, body;
};
constexpr uint64_t kLogged = 7;
constexpr WorkerCanary kReturns = {"canary returns",
                                   "(type $s (struct (field i64)))"
                                   "(func (export \"canary returns\") (call $log (struct.get $s 0 "
                                   "(struct.new $s (i64.const 7)))))"};
constexpr WorkerCanary kTraps = {"canary traps", "(func (export \"canary traps\") unreachable)"};
constexpr WorkerCanary kCollects = {
    "canary collects",
    "(type $s (struct (field i64))) (global $g (mut (ref null $s)) (ref.null $s))"
    "(func (export \"canary collects\") (global.set $g (struct.new $s (i64.const 7))) (call $gc)"
    " (call $log (struct.get $s 0 (global.get $g))))"};
constexpr WorkerCanary kThrows = {
    "canary throws",
    "(tag $t (param i64)) (func (export \"canary throws\")"
    " (call $log (block $h (result i64) (try_table (catch $t $h) (throw $t (i64.const 7))) "
    "(i64.const 0))))"};

// Of a command: cases whose self-checking forms it gets.
constexpr std::string_view kPlainCase =
    "(module (type $s (struct (field i32)))"
    " (func (export \"f\") (result (ref $s)) (struct.new $s (i32.const 7))))";
constexpr std::string_view kThrowingCase =
    "(module (tag $t (param i32)) (func (export \"f\") (result i32)"
    " (block $h (result i32) (try_table (catch $t $h) (throw $t (i32.const 7))) (i32.const 0))))";

wasm::Module Read(std::string_view wat) {
  auto module = text::ReadModule(wat);
  CHECK(module.has_value());
  return *std::move(module);
}

std::unexpected<CanaryFailure> Failed(std::string_view what, std::string_view how,
                                      bool died = false) {
  return Fail(CanaryFailure{fmt::format("a module that must {} {}", what, how), died});
}

// The first line, cut; of an empty detail nothing is left, not even the colon before it.
std::string Kept(const std::string& detail) {
  constexpr size_t kTextMax = 200;
  std::string line = detail.substr(0, detail.find('\n'));
  while (line.ends_with(' ') || line.ends_with(':')) line.pop_back();
  return line.size() <= kTextMax ? line : line.substr(0, kTextMax) + "…";
}

std::string EndText(const WorkerStep& step) {
  switch (step.end) {
    case WorkerEnd::Returns:
      return "logs wrong values";
    case WorkerEnd::Trap:
      return "traps: " + Kept(step.message.empty() ? step.kind : step.message);
    case WorkerEnd::Exception:
      return "ends in an exception";
    case WorkerEnd::Rejected:
      return "is refused: " + Kept(step.message);
    case WorkerEnd::Limit:
      return fmt::format("ends at a limit: {}", step.kind);
    case WorkerEnd::InternalError:
      return "ends in an internal error: " + Kept(step.message);
  }
  UNREACHABLE();
}

// The step in which the canary's run ended.
Result<WorkerStep, CanaryFailure> RunOne(worker::ProcessEngine& engine, const WorkerCanary& canary,
                                         engine::Collection gc, std::string_view must) {
  const wasm::Module module =
      Read(fmt::format("(module (import \"slabhound\" \"log\" (func $log (param i64)))"
                       "(import \"slabhound\" \"gc\" (func $gc)) {})",
                       canary.body));
  auto run =
      engine.Run(wasm::Encode(module),
                 {.exports = {std::string(canary.name)}, .gc = gc, .gc_max = 1, .valid = true});
  if (run) return run->calls.empty() ? run->instantiate : run->calls.front();
  const trace::Failure& failure = run.error();
  const bool started = failure.kind != trace::FailureKind::Start;
  return Failed(must,
                fmt::format("ends its worker: {}{}{}", trace::FailureText(failure),
                            failure.detail.empty() ? "" : ": ", Kept(failure.detail)),
                started);
}

bool Logged(const WorkerStep& step) {
  return step.end == WorkerEnd::Returns && step.log == std::vector<uint64_t>{kLogged};
}

Result<CanaryReport, CanaryFailure> SendToWorker(const EngineSpec& spec) {
  using engine::Collection;
  auto command = worker::WorkerCommand(spec);
  if (!command) return Fail(CanaryFailure{std::move(command.error())});
  worker::ProcessEngine engine(*std::move(command));
  if (const auto started = engine.Start(); !started) {
    return Fail(CanaryFailure{"its worker does not start: " + Kept(started.error().detail)});
  }
  TRY_ASSIGN(const WorkerStep returns, RunOne(engine, kReturns, Collection::None, "return"));
  if (!Logged(returns)) return Failed("return", EndText(returns));
  TRY_ASSIGN(const WorkerStep traps, RunOne(engine, kTraps, Collection::None, "trap"));
  if (traps.end != WorkerEnd::Trap) return Failed("trap", EndText(traps));
  for (const Collection gc : {Collection::Minor, Collection::Full}) {
    const auto& can = engine.hello().collections;
    if (std::ranges::find(can, engine::CollectionName(gc)) == can.end()) continue;
    const std::string must = fmt::format("return behind a {} collection", CollectionName(gc));
    TRY_ASSIGN(const WorkerStep collects, RunOne(engine, kCollects, gc, must));
    if (!Logged(collects)) return Failed(must, EndText(collects));
  }
  CanaryReport report;
  if (spec.kind != EngineKind::Worker) return report;
  const auto throws = RunOne(engine, kThrows, Collection::None, "catch an exception");
  report.exceptions = !throws || throws->end != WorkerEnd::Rejected;
  return report;
}

// A command's end, as a failure of its canary.
std::unexpected<CanaryFailure> CommandFailed(std::string_view must, const CommandEnd& end) {
  if (end.failure) {
    return Failed(
        must,
        fmt::format("ends in {}: {}", trace::FailureText(*end.failure), Kept(end.failure->detail)),
        /*died=*/true);
  }
  return Failed(must, fmt::format("ends with {}", end.text));
}

std::vector<portable::SelfChecking> Checked(std::string_view wat) {
  auto test_case = testcase::MakeTestCase(Read(wat));
  CHECK(test_case.has_value());
  auto modules = portable::ExportSelfChecking(*test_case, {}, /*wrong=*/0);
  CHECK(modules.has_value());
  return *std::move(modules);
}

Result<CanaryReport, CanaryFailure> SendToCommand(const EngineSpec& spec) {
  for (const portable::SelfChecking& each : Checked(kPlainCase)) {
    const std::string_view must = each.traps ? "trap" : "return";
    const CommandEnd end = RunCommandOn(spec, each.module);
    if (end.unusable) return Fail(CanaryFailure{*end.unusable});
    if (!end.failure && end.returned != each.traps) continue;
    return CommandFailed(must, end);
  }
  const CommandEnd end = RunCommandOn(spec, Checked(kThrowingCase).front().module);
  return CanaryReport{.exceptions = end.returned || end.failure.has_value()};
}

}  // namespace

Result<CanaryReport, CanaryFailure> SendCanary(const EngineSpec& spec) {
  if (engine::InProcess(spec)) return CanaryReport{};
  return spec.kind == EngineKind::Command ? SendToCommand(spec) : SendToWorker(spec);
}

}  // namespace slabhound::diff
