#include "bench/effect_size.h"

namespace slabhound::bench {

double A12(std::span<const Observation> a, std::span<const Observation> b) {
  const auto time_of = [](const Observation& each) { return each.happened ? each.time : kNever; };
  double sooner = 0;
  for (const Observation& one : a) {
    for (const Observation& other : b) {
      const double time = time_of(one), other_time = time_of(other);
      sooner += time < other_time ? 1 : time == other_time ? 0.5 : 0;
    }
  }
  return sooner / (static_cast<double>(a.size()) * static_cast<double>(b.size()));
}

}  // namespace slabhound::bench
