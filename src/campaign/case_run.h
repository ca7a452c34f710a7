// One case of a campaign from number to verdict, in a job.
//
// 1. The report is a function of (generator, seed, number, what is left out, engines, limits), the
//    times in it apart.
// 2. Every stage is written into the flight before it begins.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "campaign/flight.h"
#include "campaign/report.h"
#include "diff/releases.h"
#include "engine/spec.h"
#include "gen/generate.h"
#include "worker/lab.h"

namespace slabhound::campaign {

struct CaseRun {
  uint64_t seed = 0;
  gen::Generator generator = gen::Generator::Slabhound;
  std::vector<engine::EngineSpec> engines;         // the first is the reference; see EnginesOf
  std::vector<engine::EngineSpec> releases = {};   // on which findings are run too; may be empty
  std::vector<engine::EngineSpec> installed = {};  // releases: on which minimized cases are tried
  testcase::Budgets budgets = testcase::kGeneratedBudgets;
  bool fresh_workers = false;  // each order begins with new ones: it knows nothing of earlier ones
  worker::Lab lab, candidates = {};  // of generated cases; of a minimization
  // Called as each stage begins; tests break jobs here. Usually empty.
  std::function<void(uint64_t number, Stage stage, ByteSpan module)> at_stage;
  // Told of the smallest so far of a minimization, about once a second. May be empty.
  std::function<void(const MinimizedReport&)> so_far = {};

  // As the case gets them, in the same order; likewise of a campaign on the same engines with
  // another seed.
  std::vector<engine::EngineSpec> EnginesOf(uint64_t number) const {
    return EnginesOf(seed, number);
  }
  std::vector<engine::EngineSpec> EnginesOf(uint64_t other_seed, uint64_t number) const;
  // `releases`, with a beat of the flight at each run.
  diff::Releases ReleasesFor(Flight& flight) const;
};

// Decodes, validates, runs and compares a module; fills the report, whose number is set.
void JudgeModule(const CaseRun& run, ByteSpan module, Flight& flight, CaseReport& report);

// `without` are ingredients that are taken out of the generated module (masking.h).
CaseReport RunCase(const CaseRun& run, uint64_t number, const std::vector<std::string>& without,
                   Flight& flight);

}  // namespace slabhound::campaign
