// Trials of chosen faults, seeds and generators, as many at a time as there are jobs.
//
// 1. Rows go to `trials.csv` in the folder. A trial whose row is there is not run again; a kill,
//    whatever it is, costs the trials under way.
// 2. Each trial is a process group of its own, which ends with this process.
// 3. Seeds come first, then faults, then generators: a part of all trials is a fair part.
// 4. All rows of a folder have the same bounds: others could not be compared.
// 5. The first SIGINT or SIGTERM ends it cleanly, the second at once.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/trial_row.h"

namespace slabhound::bench {

struct TrialPlan {
  std::vector<heap::Fault> faults;
  std::vector<uint64_t> seeds;
  std::vector<gen::Generator> generators;
  std::vector<engine::EngineSpec> engines;  // as in Trial
  Bounds bounds;
  unsigned jobs = 1;
  std::string folder;
  std::FILE* log = nullptr;  // a line for each trial; null: silence
};

// All trials, in order (3).
std::vector<Trial> TrialsOf(const TrialPlan& plan);

struct Trials {
  std::vector<TrialRow> rows;  // of the folder, in the order in which they ended
  bool interrupted = false;
};

// The error is one line: the folder, its rows, or processes that cannot be had.
Result<Trials, std::string> RunTrials(const TrialPlan& plan);

}  // namespace slabhound::bench
