#include "bench/survival.h"

#include <algorithm>

namespace slabhound::bench {

std::vector<SurvivalStep> KaplanMeier(std::span<const Observation> observations) {
  std::vector<Observation> sorted(observations.begin(), observations.end());
  std::ranges::sort(sorted, {}, &Observation::time);
  std::vector<SurvivalStep> steps;
  double survival = 1;
  for (size_t at = 0; at < sorted.size();) {
    const double time = sorted[at].time;
    const auto at_risk = static_cast<double>(sorted.size() - at);
    double happened = 0;
    for (; at < sorted.size() && sorted[at].time == time; ++at) {
      if (sorted[at].happened) ++happened;
    }
    if (happened == 0) continue;
    survival *= 1 - happened / at_risk;
    steps.push_back({time, survival});
  }
  return steps;
}

double SurvivalAt(std::span<const SurvivalStep> steps, double time) {
  const auto after = std::ranges::upper_bound(steps, time, {}, &SurvivalStep::time);
  return after == steps.begin() ? 1 : std::prev(after)->survival;
}

double MedianTime(std::span<const SurvivalStep> steps) {
  constexpr double kHalf = 0.5 + 1e-9;  // products of fractions are not exact
  const auto found =
      std::ranges::find_if(steps, [](const SurvivalStep& step) { return step.survival <= kHalf; });
  return found == steps.end() ? kNever : found->time;
}

double RestrictedMean(std::span<const SurvivalStep> steps, double until) {
  double area = 0, from = 0, survival = 1;
  for (const SurvivalStep& step : steps) {
    if (step.time >= until) break;
    area += survival * (step.time - from);
    from = step.time;
    survival = step.survival;
  }
  return area + survival * (until - from);
}

}  // namespace slabhound::bench
