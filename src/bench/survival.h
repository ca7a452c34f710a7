// Times until something happens, where some are only known to be longer: Kaplan and Meier.
//
// 1. A time that was not seen to its end is censored: it counts as long as it lasted.
// 2. What happens and what is censored at the same time: the former was first.
// Nothing here draws a picture.
#pragma once

#include <limits>
#include <span>
#include <vector>

namespace slabhound::bench {

inline constexpr double kNever = std::numeric_limits<double>::infinity();

struct Observation {
  double time = 0;
  bool happened = false;  // at that time; else it had not until then
  friend bool operator==(const Observation&, const Observation&) = default;
};

// From `time` on, until the next step, it has not happened to that share. Before the first: 1.
struct SurvivalStep {
  double time = 0, survival = 1;
  friend bool operator==(const SurvivalStep&, const SurvivalStep&) = default;
};

// Steps in order of times, one for each time at which it happened.
std::vector<SurvivalStep> KaplanMeier(std::span<const Observation> observations);

double SurvivalAt(std::span<const SurvivalStep> steps, double time);
// The first time at which at most half survive; kNever: not within what was observed.
double MedianTime(std::span<const SurvivalStep> steps);
// The mean of times, those beyond `until` taken as that: the area below the curve.
double RestrictedMean(std::span<const SurvivalStep> steps, double until);

}  // namespace slabhound::bench
