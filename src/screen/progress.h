// How far a long step is, on stderr: a line that is rewritten each second on a terminal, and one
// from time to time elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace slabhound::screen {

class ProgressLine {
 public:
  explicit ProgressLine(std::chrono::seconds elsewhere);
  // The last line on a terminal ends.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  bool IsDue() const;
  void Show(const std::string& text);
  // Something else is to be written on stderr.
  void Erase();

 private:
  using Clock = std::chrono::steady_clock;
  const bool is_terminal_;
  const std::chrono::seconds interval_;
  Clock::time_point shown_ = Clock::now();
  bool is_open_ = false;
};

// "regress: 12 of 40, 30 s, about 1 min 10 s left"; the estimate is left out until two seconds and
// one step are behind.
std::string ProgressText(const std::string& what, uint64_t done, uint64_t all, double seconds);

// A step of so many steps, each of which takes about as long.
class Progress {
 public:
  Progress(std::string what, uint64_t all) : what_(std::move(what)), all_(all) {}

  // One more is done.
  void Step();
  void Erase() { line_.Erase(); }

 private:
  using Clock = std::chrono::steady_clock;
  const std::string what_;
  const uint64_t all_;
  uint64_t done_ = 0;
  const Clock::time_point begin_ = Clock::now();
  ProgressLine line_{std::chrono::seconds(60)};
};

}  // namespace slabhound::screen
