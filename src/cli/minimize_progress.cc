#include "cli/minimize_progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace slabhound::cli {

std::string RoundText(const minimizer::Progress& progress, double seconds) {
  const size_t done = progress.place - std::min<size_t>(progress.place, 1);
  return fmt::format("{} ({})",
                     screen::ProgressText(fmt::format("round {}", progress.counts.rounds), done,
                                          progress.reducers, seconds),
                     progress.reducer);
}

MinimizeProgress::MinimizeProgress(uint64_t bytes) : bytes_(bytes) {}

void MinimizeProgress::Tell(const minimizer::Progress& progress) {
  const auto now = Clock::now();
  if (std::exchange(round_, progress.counts.rounds) != progress.counts.rounds) round_begin_ = now;
  if (!line_.IsDue()) return;
  const std::chrono::duration<double> since = now - told_, all = now - begin_;
  const std::chrono::duration<double> of_round = now - round_begin_;
  const uint64_t candidates = progress.counts.candidates;
  line_.Show(fmt::format(
      "{:.0f} s: best {} of {} bytes, {} candidates, {:.1f}/s; {}", all.count(), progress.bytes,
      bytes_, candidates,
      static_cast<double>(candidates - std::min(candidates, candidates_)) / since.count(),
      RoundText(progress, of_round.count())));
  told_ = now;
  candidates_ = candidates;
}

}  // namespace slabhound::cli
