// How far a statistic would go with other trials: the percentile bootstrap.
//
// The same values and seed give the same interval, on every machine.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/rng.h"
#include "bench/survival.h"

namespace slabhound::bench {

struct Interval {
  double low = 0, high = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

inline constexpr int kResamples = 1000;
inline constexpr double kConfidence = 0.95;

// The middle kConfidence of some values. Requires: there is one.
Interval MiddleOf(std::vector<double> values);

// Of the statistic over resamples, drawn with replacement; an end of it may be kNever.
// Requires: there is an observation.
using Statistic = std::function<double(std::span<const Observation>)>;
Interval Bootstrap(std::span<const Observation> observations, const Statistic& statistic, Rng rng);

// Of the survival at each of these times. Requires: there is an observation.
std::vector<Interval> SurvivalBand(std::span<const Observation> observations,
                                   std::span<const double> times, Rng rng);

}  // namespace slabhound::bench
