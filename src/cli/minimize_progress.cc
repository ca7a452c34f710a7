#include "cli/minimize_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace slabhound::cli {

MinimizeProgress::MinimizeProgress(uint64_t bytes)
    : bytes_(bytes), terminal_(isatty(STDERR_FILENO) == 1) {}

MinimizeProgress::~MinimizeProgress() {
  if (line_is_open_) fmt::print(stderr, "\n");
}

void MinimizeProgress::Tell(const minimizer::Progress& progress) {
  const auto now = Clock::now();
  if (now - told_ < std::chrono::seconds(terminal_ ? 1 : 10)) return;
  const std::chrono::duration<double> since = now - told_, all = now - begin_;
  const uint64_t candidates = progress.counts.candidates;
  const std::string text = fmt::format(
      "slabhound: {:.0f} s: best {} of {} bytes, {} candidates, {:.1f}/s ({})", all.count(),
      progress.bytes, bytes_, candidates,
      static_cast<double>(candidates - std::min(candidates, candidates_)) / since.count(),
      progress.reducer);
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r\x1b[K" : "", text, terminal_ ? "" : "\n");
  line_is_open_ = terminal_;
  std::fflush(stderr);
  told_ = now;
  candidates_ = candidates;
}

}  // namespace slabhound::cli
