#include "screen/progress.h"

#include <fmt/format.h>

#include <cstdio>

#include "screen/amounts.h"
#include "screen/terminal.h"

namespace slabhound::screen {

ProgressLine::ProgressLine(std::chrono::seconds elsewhere)
    : is_terminal_(IsLive()), interval_(is_terminal_ ? std::chrono::seconds(1) : elsewhere) {}

ProgressLine::~ProgressLine() {
  if (is_open_) fmt::print(stderr, "\n");
}

bool ProgressLine::IsDue() const { return Clock::now() - shown_ >= interval_; }

void ProgressLine::Show(const std::string& text) {
  fmt::print(stderr, "{}slabhound: {}{}", is_terminal_ ? "\r\x1b[K" : "", text,
             is_terminal_ ? "" : "\n");
  std::fflush(stderr);
  is_open_ = is_terminal_;
  shown_ = Clock::now();
}

void ProgressLine::Erase() {
  if (is_open_) fmt::print(stderr, "\r\x1b[K");
  is_open_ = false;
}

std::string ProgressText(const std::string& what, uint64_t done, uint64_t all, double seconds) {
  constexpr double kSecondsMin = 2;  // an earlier estimate would jump about
  std::string text = fmt::format("{}: {} of {}, {}", what, done, all, DurationText(seconds));
  if (done == 0 || done >= all || seconds < kSecondsMin) return text;
  const double left = seconds * static_cast<double>(all - done) / static_cast<double>(done);
  return text + fmt::format(", about {} left", DurationText(left));
}

void Progress::Step() {
  ++done_;
  if (!line_.IsDue()) return;
  const std::chrono::duration<double> since = Clock::now() - begin_;
  line_.Show(ProgressText(what_, done_, all_, since.count()));
}

}  // namespace slabhound::screen
