// How a campaign stands as one line of JSON, every ten seconds and once at its end.
//
// Fields: `time` (seconds since 1970), `end` (true on the last line), and those of
// campaign/status_json.h.
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
