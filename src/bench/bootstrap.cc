#include "bench/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace slabhound::bench {

Interval MiddleOf(std::vector<double> values) {
  std::ranges::sort(values);
  const double last = static_cast<double>(values.size() - 1);
  const double outside = (1 - kConfidence) / 2;
  return {values[static_cast<size_t>(std::floor(last * outside))],
          values[static_cast<size_t>(std::ceil(last * (1 - outside)))]};
}

namespace {

std::vector<Observation> Resample(std::span<const Observation> observations, Rng& rng) {
  std::vector<Observation> drawn;
  drawn.reserve(observations.size());
  for (size_t i = 0; i < observations.size(); ++i) {
    drawn.push_back(observations[rng.Below(observations.size())]);
  }
  return drawn;
}

}  // namespace

Interval Bootstrap(std::span<const Observation> observations, const Statistic& statistic, Rng rng) {
  std::vector<double> values;
  for (int i = 0; i < kResamples; ++i) values.push_back(statistic(Resample(observations, rng)));
  return MiddleOf(std::move(values));
}

std::vector<Interval> SurvivalBand(std::span<const Observation> observations,
                                   std::span<const double> times, Rng rng) {
  std::vector<std::vector<double>> survivals(times.size());
  for (int i = 0; i < kResamples; ++i) {
    const std::vector<SurvivalStep> steps = KaplanMeier(Resample(observations, rng));
    for (size_t at = 0; at < times.size(); ++at) {
      survivals[at].push_back(SurvivalAt(steps, times[at]));
    }
  }
  std::vector<Interval> band;
  for (std::vector<double>& each : survivals) band.push_back(MiddleOf(std::move(each)));
  return band;
}

}  // namespace slabhound::bench
