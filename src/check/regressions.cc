#include "check/regressions.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/guard.h"
#include "diff/dispatch.h"
#include "engine/draw.h"
#include "episode/run.h"
#include "regression/script_engines.h"
#include "script/runner.h"
#include "script/script_files.h"

namespace slabhound::check {
namespace {

using engine::EngineSpec;

// A token of the text costs several times its size.
constexpr size_t kScriptBytesMax = 16u << 20;
constexpr size_t kTextBytesMax = 4096;
constexpr GuardNote::Time kScriptTime{std::chrono::minutes(1), std::chrono::minutes(10)};

struct Failure {
  uint32_t line = 0;
  std::string text;
};
struct Ran {
  uint64_t passed = 0;
  std::optional<Failure> failure;  // the first one
  std::string not_run;             // a reason, if anything was not
};

// What the child tells: how many passed, and of the first failure its line and text.
std::string Told(const script::Report& report) {
  std::string text = fmt::format("{}\n", report.passed);
  if (report.failures.empty()) return text;
  const script::Failure& first = report.failures.front();
  return text + fmt::format("{}\n{}", first.line, first.message.substr(0, kTextBytesMax / 2));
}

// Takes a number and the line break behind it.
uint64_t TakeNumber(std::string_view& text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  if (text.starts_with('\n')) text.remove_prefix(1);
  return error == std::errc() ? number : 0;
}

Result<Ran, std::string> RunHere(const script::Script& script, const EngineSpec& engine) {
  const Descriptor told = OpenMemoryFile("regression");
  const SharedGuardNote note = MapGuardNote();
  if (!told.is_open() || !note) return Fail(std::string("no memory for a regression file"));
  const auto end = RunGuarded({}, [&] {
    note->Begin("script", kScriptTime);
    wasm::TypeStore types;
    const auto machine = diff::MakeMachine(engine, types, script::ScriptLimits());
    const std::string text = Told(script::RunScript(script, *machine));
    return WriteAll(told.get(), AsBytes(text)) ? 0 : 1;
  });
  if (!end)
    return Fail(fmt::format("no process for a regression file: {}", std::strerror(end.error())));
  if (end->died() || end->status.code != 0) {
    return Ran{0, Failure{1, end->hangs ? "it hangs" : "it crashes"}, {}};
  }
  const std::string text = TailOfMemoryFile(told.get(), kTextBytesMax);
  std::string_view rest = text;
  Ran ran;
  ran.passed = TakeNumber(rest);
  if (!rest.empty()) {
    const auto line = static_cast<uint32_t>(TakeNumber(rest));
    ran.failure = Failure{line, std::string(rest)};
  }
  return ran;
}

Result<Ran, std::string> RunBehindWorker(const script::Script& script, const std::string& file,
                                         const EngineSpec& engine,
                                         const std::shared_ptr<worker::Pool>& workers) {
  TRY_ASSIGN(auto run, episode::EngineRun::Start(engine, workers));
  const episode::Report report = run.Run(script, file);
  Ran ran{report.passed, {}, {}};
  if (!report.failed.empty())
    ran.failure = Failure{report.failed.front().line, report.failed.front().message};
  if (!report.not_run.empty()) ran.not_run = report.not_run.begin()->first;
  return ran;
}

Result<Regression, std::string> RunFile(const script::Script& script, const std::string& file,
                                        const EngineSpec& engine, bool collects,
                                        const std::shared_ptr<worker::Pool>& workers) {
  Regression regression;
  regression.file = file;
  uint64_t passed = 0;
  std::string not_run = "a plain command takes no scripts";
  for (const EngineSpec& way : regression::ScriptEngines(engine, collects)) {
    TRY_ASSIGN(const Ran ran, engine::InProcess(way) ? RunHere(script, way)
                                                     : RunBehindWorker(script, file, way, workers));
    if (ran.failure) {
      regression.outcome = RegressionOutcome::Failed;
      regression.line = ran.failure->line;
      regression.text = fmt::format("{}: {}", engine::EngineText(way), ran.failure->text);
      return regression;
    }
    passed += ran.passed;
    not_run = ran.not_run.empty() ? "it asserts nothing" : ran.not_run;
  }
  if (passed == 0) {
    regression.outcome = RegressionOutcome::NotRun;
    regression.text = not_run;
  }
  return regression;
}

EngineSpec ForFile(const EngineSpec& engine, uint64_t place) {
  if (!engine::IsDrawn(engine)) return engine;
  EngineSpec drawn = engine;
  drawn.slab = engine::Draw(engine.slab, place);
  return drawn;
}

}  // namespace

Result<std::vector<Regression>, std::string> RunRegressions(
    const std::vector<std::string>& paths, std::span<const EngineSpec> engines,
    const std::shared_ptr<worker::Pool>& workers) {
  std::vector<Regression> regressions;
  if (paths.empty()) return regressions;
  TRY_ASSIGN(const script::ScriptFiles files, script::FindScripts(paths));
  for (size_t i = 0; i < files.paths.size(); ++i) {
    const std::string& file = files.paths[i];
    const auto content = ReadFile(file, kScriptBytesMax);
    if (!content) return Fail(content.error().message);
    const auto script = script::ReadScript(AsText(*content));
    if (!script) return Fail(fmt::format("{}: {}", file, script.error().Message()));
    const bool collects = AsText(*content).contains("\"slabhound\" \"gc\"");
    for (const EngineSpec& engine : engines) {
      TRY_ASSIGN(Regression regression,
                 RunFile(*script, file, ForFile(engine, i), collects, workers));
      regression.engine = engine::EngineText(engine);
      regressions.push_back(std::move(regression));
    }
  }
  return regressions;
}

}  // namespace slabhound::check
