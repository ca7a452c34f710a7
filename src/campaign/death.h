// What a job's end means: the stage it was in and the way it ended make a kind, a verdict and a
// signature.
//
// A crash of Binaryen is counted, not a finding; SIGKILL, SIGTERM and the like that the supervisor
// did not send are the machine's or somebody's doing, and counted too. Everything else is a bug of
// an engine, or of what stands before it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/subprocess.h"
#include "campaign/finding.h"
#include "campaign/flight.h"
#include "diff/signature.h"
#include "engine/spec.h"
#include "testcase/budgets.h"

namespace slabhound::campaign {

enum class DeathKind : uint8_t { Finding, GeneratorCrash, Killed };

struct Death {
  DeathKind kind = DeathKind::Finding;
  std::string verdict;        // "crash", "hang", "memory", "killed"
  diff::Signature signature;  // "slab crash: SIGSEGV", "generator abort"
};

// The engine that the flight was at; null: at none.
const engine::EngineSpec* EngineAt(const Flight& flight,
                                   const std::vector<engine::EngineSpec>& engines);

// `sentence` is the supervisor's reason when it killed the job: "hang", "memory" or "".
// `errors` is what the job wrote to stderr.
Death Classify(Stage stage, const engine::EngineSpec* engine, const ExitStatus& end,
               std::string_view sentence, std::string_view errors);

// What the flight and the end tell of the case. `engine` is what EngineAt says. An engine's case
// gets `budgets`; what the decoder died of stays as it is.
void TellDeath(const Flight& flight, const Death& death, const engine::EngineSpec* engine,
               const testcase::Budgets& budgets, Finding& finding);

// Whether candidates can be told by it.
bool CanBeMinimized(const Death& death, const engine::EngineSpec* engine, const Finding& finding);

}  // namespace slabhound::campaign
