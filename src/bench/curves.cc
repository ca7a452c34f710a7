#include "bench/curves.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>

#include "base/markup.h"

namespace slabhound::bench {
namespace {

constexpr uint64_t kSeed = 1;  // of bands
constexpr int kBandPoints = 60;
constexpr double kFirstMin = 0.001;

class Plot {
 public:
  Plot(const Frame& frame, const Axis& axis)
      : frame_(frame),
        axis_(axis),
        left_(frame.is_small ? 42 : 48),
        right_(frame.width - (frame.is_small ? 8 : 14)),
        top_(frame.is_small ? 6 : 12),
        bottom_(frame.height - (frame.is_small ? 20 : 44)) {}

  std::string Text(const std::vector<Curve>& curves) {
    svg_ = fmt::format(R"(<svg viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>)",
                       frame_.width, frame_.height, MarkupText(frame_.title),
                       MarkupText(frame_.title));
    Grid();
    for (const Curve& curve : curves) {
      if (curve.has_band && !curve.seconds.empty()) Band(curve);
    }
    for (const Curve& curve : curves) {
      if (!curve.seconds.empty()) Line(curve);
    }
    return svg_ + "</svg>\n";
  }

 private:
  double X(double seconds) const {
    const double inside = std::clamp(seconds, axis_.first, axis_.last);
    return left_ +
           (right_ - left_) * std::log(inside / axis_.first) / std::log(axis_.last / axis_.first);
  }
  double Y(double share) const { return bottom_ - (bottom_ - top_) * share; }

  void Grid() {
    const int parts = frame_.is_small ? 2 : 4;
    for (int i = 0; i <= parts; ++i) {
      const double share = static_cast<double>(i) / parts;
      svg_ += fmt::format(R"(<line class="grid" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)",
                          left_, Y(share), right_, Y(share));
      svg_ += fmt::format(
          R"(<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="end">{:.0f}%</text>)", left_ - 5,
          Y(share) + 4, share * 100);
    }
    for (double decade = axis_.first; decade <= axis_.last; decade *= 10) Tick(decade);
    if (frame_.is_small) return;
    // The bound, unless a decade's label stands there.
    if (std::log10(axis_.last) - std::floor(std::log10(axis_.last)) > 0.4) Tick(axis_.last);
    svg_ += fmt::format(
        R"(<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">CPU seconds</text>)",
        (left_ + right_) / 2, frame_.height - 6);
  }

  void Tick(double seconds) {
    Upright("grid", X(seconds), top_, bottom_);
    svg_ +=
        fmt::format(R"(<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="{}">{:.3g}</text>)",
                    X(seconds), bottom_ + 15, X(seconds) > right_ - 8 ? "end" : "middle", seconds);
  }

  void Upright(std::string_view classes, double x, double from, double to) {
    svg_ += fmt::format(R"(<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)",
                        classes, x, from, x, to);
  }

  void Band(const Curve& curve) {
    std::vector<double> times;
    for (int i = 0; i <= kBandPoints; ++i) {
      const double part = static_cast<double>(i) / kBandPoints;
      times.push_back(axis_.first * std::pow(axis_.last / axis_.first, part));
    }
    const std::vector<Interval> band =
        SurvivalBand(curve.seconds, times, Rng(kSeed).Fork(curve.series));
    std::string points;
    for (size_t i = 0; i < times.size(); ++i) {
      points += fmt::format("{:.1f},{:.1f} ", X(times[i]), Y(1 - band[i].low));
    }
    for (size_t i = times.size(); i-- > 0;) {
      points += fmt::format("{:.1f},{:.1f} ", X(times[i]), Y(1 - band[i].high));
    }
    svg_ += fmt::format(R"(<polygon class="band series-{}" points="{}"/>)", curve.series, points);
  }

  void Line(const Curve& curve) {
    const std::vector<SurvivalStep> steps = KaplanMeier(curve.seconds);
    const double end = std::ranges::max(curve.seconds, {}, &Observation::time).time;
    std::string path = fmt::format("M{:.1f} {:.1f}", left_, Y(0));
    for (const SurvivalStep& step : steps) {
      path += fmt::format("H{:.1f}V{:.1f}", X(step.time), Y(1 - step.survival));
    }
    // What all have found by then stays found.
    const bool all = !steps.empty() && steps.back().survival < 1e-9;
    path += fmt::format("H{:.1f}", all ? right_ : X(end));
    svg_ += fmt::format(R"(<path class="curve series-{}" d="{}"/>)", curve.series, path);
    std::set<std::pair<int, int>> ticks;  // in pixels: many trials end together
    for (const Observation& each : curve.seconds) {
      if (each.happened) continue;
      const double y = Y(1 - SurvivalAt(steps, each.time));
      if (!ticks.emplace(std::lround(X(each.time)), std::lround(y)).second) continue;
      Upright(fmt::format("censored series-{}", curve.series), X(each.time), y - 4, y + 4);
    }
  }

  const Frame& frame_;
  const Axis axis_;
  const double left_, right_, top_, bottom_;
  std::string svg_;
};

}  // namespace

Axis AxisOf(const std::vector<Observation>& seconds, double bound) {
  double first = bound, last = kFirstMin * 10;
  for (const Observation& each : seconds) {
    first = std::min(first, each.time);
    last = std::max(last, std::min(each.time, bound));
  }
  const double decade = std::pow(10, std::floor(std::log10(std::max(first, kFirstMin) * 1.001)));
  return {std::min(decade, last / 10), last};
}

std::string CurvesText(const Frame& frame, const Axis& axis, const std::vector<Curve>& curves) {
  return Plot(frame, axis).Text(curves);
}

}  // namespace slabhound::bench
