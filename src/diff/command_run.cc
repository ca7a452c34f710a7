#include "diff/command_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>

#include "base/file.h"
#include "base/subprocess.h"
#include "oracle/machine.h"
#include "portable/self_checking.h"
#include "trace/run.h"
#include "wasm/encode.h"
#include "worker/diagnose.h"
#include "worker/run_clock.h"

namespace slabhound::diff {
namespace {

constexpr uint64_t kDataBytesMax = worker::WorkerLimits().data_bytes_max;
constexpr std::string_view kPlace = "{}";
constexpr int kNotRunnable = 126, kNotFound = 127;  // exit codes of the shell

// 128 and the signal of a crash. Not SIGABRT's: Wasmtime's command exits with that for a trap.
bool IsShellsCrash(int code) {
  constexpr std::array kCrashes = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
  return std::ranges::find(kCrashes, code - 128) != kCrashes.end();
}

std::string_view LastLine(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return text.substr(text.rfind('\n') + 1);
}

CommandEnd RunOne(std::string command, const std::string& path, std::chrono::milliseconds time) {
  const std::string file = ShellQuoted(path);
  for (size_t at = 0; (at = command.find(kPlace, at)) != std::string::npos; at += file.size()) {
    command.replace(at, kPlace.size(), file);
  }
  // The command replaces the shell, so that its signals are seen.
  auto started = Subprocess::Start({.command = {"/bin/sh", "-c", "exec </dev/null >&2; " + command},
                                    .environment = {},
                                    .data_bytes_max = kDataBytesMax});
  CommandEnd ended;
  if (!started) {
    ended.unusable = started.error();
    return ended;
  }
  worker::RunClock clock(started->pid(), time);
  auto status = started->Wait(clock.next());
  while (!status && clock.Look() == worker::RunState::Going) status = started->Wait(clock.next());
  if (!status) {
    started->Kill();
    ended.failure = trace::Failure{trace::FailureKind::Timeout, {}, started->Errors()};
    return ended;
  }
  const std::string written = started->Errors();
  // A shell or script around the engine tells the engine's signal so.
  if (status->signal == 0 && IsShellsCrash(status->code)) status->signal = status->code - 128;
  ended.returned = status->signal == 0 && status->code == 0;
  ended.text = fmt::format("exit code {}", status->code);
  if (const auto line = LastLine(written); !line.empty()) ended.text += fmt::format(": {}", line);
  trace::Failure failure = worker::Diagnose(*status, written, kDataBytesMax);
  // What says that it is broken is, whatever its exit code.
  const bool says_so = failure.kind == trace::FailureKind::Panic;
  if (says_so || (!ended.returned && failure.kind != trace::FailureKind::Exit)) {
    ended.failure = std::move(failure);
  } else if (status->code == kNotRunnable || status->code == kNotFound) {
    ended.unusable = ended.text;
  }
  return ended;
}

// The oracle's trace as far as others can show it, with another end.
trace::Trace EndWith(trace::Trace trace, trace::Event event) {
  while (!trace.events.empty() && (trace.events.back().kind == trace::EventKind::Inside ||
                                   trace.events.back().kind == trace::EventKind::State)) {
    trace.events.pop_back();
  }
  trace.events.push_back(std::move(event));
  return trace;
}

}  // namespace

Result<std::string, std::string> CommandLine(const engine::EngineSpec& spec) {
  if (spec.command.find(kPlace) == std::string::npos) {
    return Fail(std::string("command: needs a command line with {} where the module's file goes"));
  }
  return spec.command;
}

CommandEnd RunCommandOn(const engine::EngineSpec& spec, const wasm::Module& module,
                        std::chrono::milliseconds time) {
  const auto unusable = [](std::string why) { return CommandEnd{.unusable = std::move(why)}; };
  const auto command = CommandLine(spec);
  if (!command) return unusable(command.error());
  std::error_code ignored;
  const std::string file =
      (std::filesystem::temp_directory_path(ignored) / fmt::format("slabhound-{}.wasm", getpid()))
          .string();
  if (const auto written = WriteFile(file, wasm::Encode(module)); !written) {
    return unusable(written.error().message);
  }
  CommandEnd ended = RunOne(*command, file, time);
  std::filesystem::remove(file, ignored);
  return ended;
}

trace::Trace RunCommand(const testcase::Prepared& prepared, const engine::EngineSpec& spec,
                        const worker::Lab& lab) {
  const trace::RunLimits limits = lab.limits.Of(prepared);
  const testcase::TestCase test_case{*prepared.module.module, prepared.plan};
  const auto modules = portable::ExportSelfChecking(
      test_case, portable::Within(limits, {.exceptions = lab.TakesExceptions(spec)}));
  if (!modules) return trace::Unusable("no self-checking form: " + modules.error());
  const auto oracle = oracle::MakeMachine(*prepared.types, limits.machine);
  trace::Trace trace = trace::RunOn(*oracle, prepared, limits);
  // A module behind the first that is judged wrong may still break the engine.
  std::optional<trace::Event> misjudged;
  for (const portable::SelfChecking& each : *modules) {
    CommandEnd ended = RunCommandOn(spec, each.module, lab.workers->limits().run_time);
    if (ended.unusable) return trace::Unusable(*std::move(ended.unusable));
    if (ended.failure && ended.failure->kind == trace::FailureKind::OutOfMemory) {
      trace = EndWith(std::move(trace),
                      {trace::EventKind::Call, each.name, trace::Exhausted{trace::Limit::Memory}});
      trace.NoteExhausted(trace::Limit::Memory);
      return trace;
    }
    if (ended.failure) {
      trace =
          EndWith(std::move(trace), {trace::EventKind::Panic, each.name,
                                     trace::Failed{ended.failure->kind, ended.failure->message}});
      trace.failure = std::move(ended.failure);
      return trace;
    }
    if (!misjudged && ended.returned == each.traps) {
      misjudged = {trace::EventKind::Call, each.name, trace::Misjudged{each.traps, ended.text}};
    }
  }
  return misjudged ? EndWith(std::move(trace), *std::move(misjudged)) : trace;
}

}  // namespace slabhound::diff
