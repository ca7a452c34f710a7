// What a campaign tells while it runs: lines of news, and a status line that is rewritten in place
// on a terminal and repeated every ten seconds elsewhere.
#pragma once

#include <cstdio>
#include <span>
#include <string>

#include "campaign/tally.h"

namespace slabhound::campaign {

class News {
 public:
  // Null: silence.
  News(std::FILE* log, bool is_terminal) : log_(log), is_terminal_(is_terminal) {}

  void Say(const std::string& line);
  bool IsStatusDue(double seconds) const { return log_ != nullptr && seconds >= next_status_; }
  // Requires: it is due.
  void ShowStatus(const Tally& tally, std::span<const BugCounts> bugs, double seconds);
  void EraseStatus();

 private:
  double interval() const { return is_terminal_ ? 0.5 : 10; }
  void Write(const std::string& text);

  std::FILE* log_;
  bool is_terminal_;
  double next_status_ = interval();
};

}  // namespace slabhound::campaign
