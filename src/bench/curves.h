// Kaplan-Meier curves as SVG: the share of trials that have found it, over CPU seconds on a
// logarithmic axis.
//
// 1. Colours and dashes are classes of the page that it stands in (page.cc): series-0, series-1, …
// 2. Ticks across a curve are trials that ended there without finding it.
#pragma once

#include <string>
#include <vector>

#include "bench/bootstrap.h"

namespace slabhound::bench {

struct Curve {
  size_t series = 0;
  std::vector<Observation> seconds;
  bool has_band = false;  // of bootstrapped intervals
};

struct Axis {
  double first = 0.001, last = 60;  // CPU seconds
};
// From the decade below the soonest time to the bound, or where the last trial ended.
Axis AxisOf(const std::vector<Observation>& seconds, double bound);

struct Frame {
  int width = 720, height = 320;
  bool is_small = false;  // fewer labels
  std::string title;      // for who does not see it
};
std::string CurvesText(const Frame& frame, const Axis& axis, const std::vector<Curve>& curves);

}  // namespace slabhound::bench
