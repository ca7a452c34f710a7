#include "cli/minimize_progress.h"

#include <fmt/format.h>

#include <algorithm>

namespace slabhound::cli {

MinimizeProgress::MinimizeProgress(uint64_t bytes) : bytes_(bytes) {}

void MinimizeProgress::Tell(const minimizer::Progress& progress) {
  if (!line_.IsDue()) return;
  const auto now = Clock::now();
  const std::chrono::duration<double> since = now - told_, all = now - begin_;
  const uint64_t candidates = progress.counts.candidates;
  line_.Show(fmt::format(
      "{:.0f} s: best {} of {} bytes, {} candidates, {:.1f}/s ({})", all.count(), progress.bytes,
      bytes_, candidates,
      static_cast<double>(candidates - std::min(candidates, candidates_)) / since.count(),
      progress.reducer));
  told_ = now;
  candidates_ = candidates;
}

}  // namespace slabhound::cli
