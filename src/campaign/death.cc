#include "campaign/death.h"

#include <fmt/format.h>

#include "testcase/testcase.h"
#include "worker/diagnose.h"

namespace slabhound::campaign {
namespace {

std::string_view Place(Stage stage, const engine::EngineSpec* engine) {
  if (stage == Stage::Decode) return "decoder";
  if (engine == nullptr) return "engine";
  return engine::EngineName(*engine);
}

}  // namespace

const engine::EngineSpec* EngineAt(const Flight& flight,
                                   const std::vector<engine::EngineSpec>& engines) {
  const bool runs = flight.stage() == Stage::Run && flight.engine() < engines.size();
  return runs ? &engines[flight.engine()] : nullptr;
}

Death Classify(Stage stage, const engine::EngineSpec* engine, const ExitStatus& end,
               std::string_view sentence, std::string_view errors) {
  trace::Failure failure = worker::Diagnose(end, errors, 0);
  diff::Signature signature{.kind = diff::FindingKind::Death};
  if (sentence.empty() && failure.kind == trace::FailureKind::Killed) {
    signature.suspect = "job";
    signature.failure = failure.kind;
    signature.message = fmt::format("{} at {}", failure.message, StageName(stage));
    return {DeathKind::Killed, "killed", std::move(signature)};
  }
  if (sentence.empty()) {
    signature.failure = failure.kind;
    signature.message = std::move(failure.message);
  } else {
    signature.message = sentence;
  }
  const std::string verdict = sentence.empty() ? "crash" : std::string(sentence);
  const bool generates = stage == Stage::Generate;
  signature.suspect = generates ? "generator" : Place(stage, engine);
  return {generates ? DeathKind::GeneratorCrash : DeathKind::Finding, verdict,
          std::move(signature)};
}

void TellDeath(const Flight& flight, const Death& death, const engine::EngineSpec* engine,
               const testcase::Budgets& budgets, Finding& finding) {
  const Stage stage = flight.stage();
  finding.verdict = death.verdict;
  finding.explanation =
      fmt::format("the job ended ({}) while it was at: {}{}", death.verdict, StageName(stage),
                  engine != nullptr ? ", engine " + engine::EngineText(*engine) : "");
  if (engine != nullptr) finding.suspect = engine::EngineText(*engine);
  finding.input = flight.TakeInput();
  if (stage != Stage::Generate) finding.module = flight.TakeModule();
  if (stage == Stage::Run)
    finding.module = testcase::WithBudgets(std::move(finding.module), budgets);
  finding.original_bytes = testcase::ModuleBytes(finding.module);
  if (death.kind == DeathKind::GeneratorCrash) finding.kind = "generator crash";
  if (death.kind == DeathKind::Killed) finding.kind = "killed";
}

bool CanBeMinimized(const Death& death, const engine::EngineSpec* engine, const Finding& finding) {
  return death.kind == DeathKind::Finding && engine != nullptr && engine::InProcess(*engine) &&
         death.verdict != "memory" && !finding.module.empty();
}

}  // namespace slabhound::campaign
