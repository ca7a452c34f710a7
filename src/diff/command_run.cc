#include "diff/command_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "base/file.h"
#include "base/subprocess.h"
#include "oracle/machine.h"
#include "portable/self_checking.h"
#include "trace/run.h"
#include "wasm/encode.h"
#include "worker/diagnose.h"

namespace slabhound::diff {
namespace {

constexpr std::chrono::milliseconds kTime{10'000};  // of one module
constexpr std::string_view kPlace = "{}";
constexpr int kNotRunnable = 126, kNotFound = 127;  // exit codes of the shell

// How the command ended for one module.
struct Ended {
  bool returned = false;
  std::optional<std::string> unusable;
  std::optional<trace::Failure> failure;
  std::string text;  // for people
};

std::string_view LastLine(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return text.substr(text.rfind('\n') + 1);
}

Ended RunOne(std::string command, const std::string& path) {
  const std::string file = ShellQuoted(path);
  for (size_t at = 0; (at = command.find(kPlace, at)) != std::string::npos; at += file.size()) {
    command.replace(at, kPlace.size(), file);
  }
  // The command replaces the shell, so that its signals are seen.
  auto started = Subprocess::Start(
      {.command = {"/bin/sh", "-c", "exec </dev/null >&2; " + command}, .environment = {}});
  Ended ended;
  if (!started) {
    ended.unusable = started.error();
    return ended;
  }
  const auto status = started->Wait(DeadlineIn(kTime));
  if (!status) {
    started->Kill();
    ended.failure = trace::Failure{trace::FailureKind::Timeout, {}, started->Errors()};
    return ended;
  }
  const std::string written = started->Errors();
  ended.returned = status->signal == 0 && status->code == 0;
  ended.text = fmt::format("exit code {}", status->code);
  if (const auto line = LastLine(written); !line.empty()) ended.text += fmt::format(": {}", line);
  if (ended.returned) return ended;
  if (status->signal == 0 && (status->code == kNotRunnable || status->code == kNotFound)) {
    ended.unusable = LastLine(written);
    return ended;
  }
  trace::Failure failure = worker::Diagnose(*status, written, 0);
  if (failure.kind != trace::FailureKind::Exit) ended.failure = std::move(failure);
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

trace::Trace RunCommand(const testcase::Prepared& prepared, const engine::EngineSpec& spec,
                        const trace::RunLimits& limits) {
  const auto command = CommandLine(spec);
  if (!command) return trace::Unusable(command.error());
  const testcase::TestCase test_case{*prepared.module.module, prepared.plan};
  const auto modules = portable::ExportSelfChecking(test_case, portable::Within(limits));
  if (!modules) return trace::Unusable("no self-checking form: " + modules.error());
  const auto oracle = oracle::MakeMachine(*prepared.types, limits.machine);
  trace::Trace trace = trace::RunOn(*oracle, prepared, limits);
  std::error_code ignored;
  const std::string file =
      (std::filesystem::temp_directory_path(ignored) / fmt::format("slabhound-{}.wasm", getpid()))
          .string();
  for (const portable::SelfChecking& each : *modules) {
    if (const auto written = WriteFile(file, wasm::Encode(each.module)); !written) {
      return trace::Unusable(written.error().message);
    }
    Ended ended = RunOne(*command, file);
    std::filesystem::remove(file, ignored);
    if (ended.unusable) return trace::Unusable(*std::move(ended.unusable));
    if (ended.failure) {
      trace =
          EndWith(std::move(trace), {trace::EventKind::Panic, each.name,
                                     trace::Failed{ended.failure->kind, ended.failure->message}});
      trace.failure = std::move(ended.failure);
      return trace;
    }
    if (ended.returned == each.traps) {
      return EndWith(std::move(trace),
                     {trace::EventKind::Call, each.name, trace::Misjudged{each.traps, ended.text}});
    }
  }
  return trace;
}

}  // namespace slabhound::diff
