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

}  // namespace slabhound::campaign
