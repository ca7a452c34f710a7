// How a campaign stands as one line of JSON, every ten seconds and once at its end.
//
// Fields: `time` (seconds since 1970), `seconds` (since the campaign began), `seconds_left` (null:
// until it is stopped), `modules`, `modules_per_second` (over the last minute), `agree`,
// `poisoned`, `known`, `rejected`, `findings`, `generator_crashes`, `killed` (these seven add up to
// `modules`), `fuel`, `depth`, `large` (modules in which a budget ran out), `bugs`, `symptoms`,
// `seen_once` (symptoms), `last_find_at` (seconds; null: none), `to_minimize`, `jobs` (that work),
// `minimizing` (of them), `jobs_started`, `workers_started`, `engines` (a list: `name`, `asked`,
// `not_run`, `refused`, `silent`), `severities` (bugs by severity), `end` (true on the last line).
// Fields may be added, and do not change their meaning.
#pragma once

#include <cstdint>
#include <string>

#include "campaign/news.h"
#include "upkeep/rotated_file.h"

namespace slabhound::screen {

std::string StatsLine(const campaign::Status& status, int64_t time, bool is_end);

class Stats : public campaign::News {
 public:
  static constexpr double kInterval = 10;  // seconds

  explicit Stats(upkeep::RotatedFile file) : file_(std::move(file)) {}

  bool IsDue(double seconds) const override { return seconds >= next_; }
  void Show(const campaign::Status& status) override;
  void End(const campaign::Status& status) override;

 private:
  upkeep::RotatedFile file_;
  double next_ = kInterval;
};

}  // namespace slabhound::screen
