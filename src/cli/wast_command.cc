#include "cli/wast_command.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "cli/engine_flags.h"
#include "cli/guard.h"
#include "episode/run.h"
#include "script/runner.h"
#include "script/script_files.h"

namespace slabhound::cli {
namespace {

// A token of the text costs several times its size.
constexpr size_t kScriptBytesMax = 16u << 20;
// A script of the specification takes seconds at most; fuel does not bound them.
constexpr GuardNote::Time kScriptTime{std::chrono::minutes(5), std::chrono::minutes(15)};

struct Flags {
  std::vector<std::string> paths;
  EngineFlags engines;
};

struct Counts {
  uint64_t passed = 0, failed = 0;
  std::map<std::string, uint64_t> not_run, explained;
};

// Nothing when the script cannot be read; the line about it is printed.
std::optional<script::Script> Read(const std::string& path) {
  const auto content = ReadFile(path, kScriptBytesMax);
  if (!content) {
    UsageError(content.error().message);
    return std::nullopt;
  }
  if (content->empty()) {
    UsageError(fmt::format("{}: the file is empty", path));
    return std::nullopt;
  }
  auto read = script::ReadScript(AsText(*content));
  if (!read) {
    const wasm::Error& error = read.error();
    UsageError(fmt::format("{}:{}:{}: {}: {}{}{}", path, error.line, error.column,
                           wasm::ErrorClassName(error.error_class()), wasm::ErrorPhrase(error.code),
                           error.detail.empty() ? "" : ": ", error.detail));
    return std::nullopt;
  }
  return *std::move(read);
}

void RunInProcess(const engine::EngineSpec& engine, const std::string& path,
                  const script::Script& script, Counts& counts) {
  wasm::TypeStore types;
  const auto machine = diff::MakeMachine(engine, types, script::ScriptLimits());
  if (GuardNote* note = CurrentNote()) {
    note->Begin(fmt::format("{}\n{}", engine::EngineText(engine), path), kScriptTime);
  }
  const script::Report report = script::RunScript(script, *machine);
  if (GuardNote* note = CurrentNote()) note->End();
  counts.passed += report.passed;
  counts.failed += report.failed;
  for (const script::Failure& failure : report.failures) {
    Print(fmt::format("{}:{}: {}\n", path, failure.line, failure.message));
  }
}

void RunBehindWorker(episode::EngineRun& run, const std::string& path, const script::Script& script,
                     Counts& counts) {
  const episode::Report report = run.Run(script, path);
  counts.passed += report.passed;
  counts.failed += report.failed.size();
  for (const auto& [reason, count] : report.not_run) counts.not_run[reason] += count;
  for (const auto& [name, count] : report.explained) counts.explained[name] += count;
  for (const episode::Note& failure : report.failed) {
    Print(fmt::format("{}:{}: {}\n", path, failure.line, failure.message));
  }
}

void PrintCounts(const Counts& counts) {
  Print(fmt::format("{} passed, {} failed\n", counts.passed, counts.failed));
  for (const auto& [name, count] : counts.explained) {
    Print(fmt::format("explained: {} ({} assertions)\n", name, count));
  }
  for (const auto& [reason, count] : counts.not_run) {
    Print(fmt::format("not run: {} ({} assertions)\n", reason, count));
  }
}

int Run(const Flags& flags) {
  const auto engines = SelectEngines(flags.engines, {*engine::ParseEngine("slab")});
  if (!engines) return UsageError(engines.error());
  const auto files = script::FindScripts(flags.paths);
  if (!files) return UsageError(files.error());
  for (const auto& [name, omission] : files->left_out) {
    Print(fmt::format("left out: {} ({} scripts): {}\n", name, omission.scripts, omission.reason));
  }
  if (files->paths.empty()) return UsageError("every script is left out: nothing to run");
  bool unreadable = false, silent = false, failed = false;
  for (const engine::EngineSpec& engine : *engines) {
    if (engines->size() > 1) Print(fmt::format("== {}\n", engine::EngineText(engine)));
    Counts counts;
    std::optional<episode::EngineRun> worker;
    if (!engine::InProcess(engine)) {
      auto started = episode::EngineRun::Start(
          engine, std::make_shared<worker::Pool>(WorkerLimitsOf(flags.engines)));
      if (!started) {
        return UsageError(
            fmt::format("--engine {}: {}", engine::EngineText(engine), started.error()));
      }
      worker = *std::move(started);
    }
    for (const std::string& path : files->paths) {
      const std::optional<script::Script> script = Read(path);
      if (!script) {
        unreadable = true;
      } else if (worker) {
        RunBehindWorker(*worker, path, *script, counts);
      } else {
        RunInProcess(engine, path, *script, counts);
      }
    }
    PrintCounts(counts);
    failed |= counts.failed > 0;
    if (counts.passed + counts.failed == 0 && !counts.not_run.empty()) {
      silent = true;
      UsageError(fmt::format("--engine {}: it ran nothing", engine::EngineText(engine)));
    }
  }
  if (unreadable || silent) return kExitUsage;
  return failed ? kExitFinding : kExitFine;
}

}  // namespace

Command AddWastCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand("wast", "run specification scripts");
  const auto flags = std::make_shared<Flags>();
  parser->add_option("PATH", flags->paths, "a .wast file, or a folder of them")->required();
  AddEngineFlags(*parser, flags->engines);
  return {.parser = parser, .run = [flags] { return Run(*flags); }, .is_guarded = true};
}

}  // namespace slabhound::cli
