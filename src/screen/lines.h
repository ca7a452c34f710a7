// News as plain lines: each event as it comes, and a line of status every ten seconds.
#pragma once

#include <functional>
#include <string>

#include "campaign/news.h"

namespace slabhound::screen {

enum class Volume : uint8_t {
  All,
  Quiet,  // what was found, and what a person should do something about
};

class Lines : public campaign::News {
 public:
  static constexpr double kInterval = 10;  // seconds
  using Write = std::function<void(const std::string& line)>;

  explicit Lines(Write write, Volume volume = Volume::All)
      : write_(std::move(write)), volume_(volume) {}

  void Tell(const campaign::Event& event) override;
  bool IsDue(double seconds) const override { return volume_ == Volume::All && seconds >= next_; }
  void Show(const campaign::Status& status) override;

 private:
  Write write_;
  Volume volume_;
  double next_ = kInterval;
};

}  // namespace slabhound::screen
