// What trials say: of each fault with each generator, of all faults together, and of no fault.
//
// 1. It is a function of the rows, whatever their order. Intervals are bootstrapped with a fixed
//    seed.
// 2. Trials that died are counted, and left out of everything else.
// 3. Faults stand in the order of the catalogue, those that it does not know behind them.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/bootstrap.h"
#include "bench/trial_row.h"
#include "cause/measure.h"

namespace slabhound::bench {

// Trials of one generator with one fault.
struct Group {
  std::string generator;
  uint64_t trials = 0, reached = 0, triggered = 0, detected = 0, died = 0;
  std::map<Signal, uint64_t> signals;         // of detections
  std::vector<Observation> seconds, modules;  // until the first detection
  Interval median_seconds = {};               // its interval
};

// By Kaplan and Meier; kNever: less than half of them happened.
double MedianOf(std::span<const Observation> observations);

struct FaultSummary {
  std::string fault;   // its name
  std::string number;  // of the catalogue; may be empty
  std::vector<Group> groups;
  // That the first generator is sooner than the second, by CPU seconds. Nothing: one has no trials.
  std::optional<double> a12;
};

// Of one generator over all faults.
struct Total {
  std::string generator;
  uint64_t found_always = 0, found_sometimes = 0, found_never = 0;  // faults
  double median_of_medians = kNever;                                // CPU seconds, over faults
  std::vector<Observation> seconds;                                 // of all trials
};

struct Summary {
  std::string configuration;
  Bounds bounds;
  std::vector<FaultSummary> faults;
  std::vector<Total> totals;
  std::vector<Group> clean;   // without a fault: what is detected there is a false alarm
  std::optional<double> a12;  // the mean over faults
  // How well symptoms tell faults apart: those of the first findings, labelled by fault.
  std::optional<cause::Agreement> symptoms;
};

// Of the rows with that configuration.
Summary Summarize(const std::vector<TrialRow>& rows, const std::string& configuration);

}  // namespace slabhound::bench
