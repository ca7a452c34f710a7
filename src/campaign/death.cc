#include "campaign/death.h"

#include <fmt/format.h>

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
  const worker::WorkerFailure failure = worker::Diagnose(end, errors, 0);
  if (sentence.empty() && failure.kind == worker::FailureKind::Killed) {
    return {DeathKind::Killed, "killed",
            fmt::format("{} at {}", failure.signature, StageName(stage))};
  }
  const std::string how = sentence.empty() ? failure.signature : std::string(sentence);
  const std::string verdict = sentence.empty() ? "crash" : std::string(sentence);
  if (stage == Stage::Generate) return {DeathKind::GeneratorCrash, verdict, "generator " + how};
  return {DeathKind::Finding, verdict, fmt::format("{} {}", Place(stage, engine), how)};
}

}  // namespace slabhound::campaign
