#include "campaign/death.h"

#include <fmt/format.h>

#include "diff/diagnose.h"

namespace slabhound::campaign {
namespace {

std::string_view Place(Stage stage, const diff::EngineSpec* engine) {
  if (stage == Stage::Decode) return "decoder";
  if (engine == nullptr) return "engine";
  return diff::EngineName(*engine);
}

}  // namespace

const diff::EngineSpec* EngineAt(const Flight& flight,
                                 const std::vector<diff::EngineSpec>& engines) {
  const bool runs = flight.stage() == Stage::Run && flight.engine() < engines.size();
  return runs ? &engines[flight.engine()] : nullptr;
}

Death Classify(Stage stage, const diff::EngineSpec* engine, const ExitStatus& end,
               std::string_view sentence, std::string_view errors) {
  const diff::WorkerFailure failure = diff::Diagnose(end, errors, 0);
  if (sentence.empty() && failure.kind == diff::FailureKind::Killed) {
    return {DeathKind::Killed, "killed",
            fmt::format("{} at {}", failure.signature, StageName(stage))};
  }
  const std::string how = sentence.empty() ? failure.signature : std::string(sentence);
  const std::string verdict = sentence.empty() ? "crash" : std::string(sentence);
  if (stage == Stage::Generate) return {DeathKind::GeneratorCrash, verdict, "generator " + how};
  return {DeathKind::Finding, verdict, fmt::format("{} {}", Place(stage, engine), how)};
}

}  // namespace slabhound::campaign
