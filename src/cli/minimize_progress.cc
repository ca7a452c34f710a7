#include "cli/minimize_progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "screen/amounts.h"

namespace slabhound::cli {

std::string RoundText(const minimizer::Progress& progress, double last_seconds) {
  std::string text = fmt::format("round {}: {} of {} kinds of change", progress.counts.rounds,
                                 progress.place, progress.reducers);
  if (last_seconds > 0 && progress.place <= progress.reducers) {
    const double share = static_cast<double>(progress.reducers - progress.place + 1) /
                         static_cast<double>(progress.reducers);
    text += fmt::format(", about {} left of it", screen::DurationText(last_seconds * share));
  }
  return text + fmt::format(" ({})", progress.reducer);
}

MinimizeProgress::MinimizeProgress(uint64_t bytes) : bytes_(bytes) {}

void MinimizeProgress::Tell(const minimizer::Progress& progress) {
  const auto now = Clock::now();
  if (progress.counts.rounds != round_) {
    const auto begin = std::exchange(round_begin_, now);
    if (round_ != 0) last_seconds_ = std::chrono::duration<double>(now - begin).count();
    round_ = progress.counts.rounds;
  }
  if (!line_.IsDue()) return;
  const std::chrono::duration<double> since = now - told_, all = now - begin_;
  const uint64_t candidates = progress.counts.candidates;
  line_.Show(fmt::format(
      "{:.0f} s: best {} of {} bytes, {} candidates, {:.1f}/s; {}", all.count(), progress.bytes,
      bytes_, candidates,
      static_cast<double>(candidates - std::min(candidates, candidates_)) / since.count(),
      RoundText(progress, last_seconds_)));
  told_ = now;
  candidates_ = candidates;
}

}  // namespace slabhound::cli
