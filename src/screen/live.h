// News as a live screen, redrawn twice a second, and at once when something needs a person. That is
// told once more when the terminal is as before.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "campaign/news.h"
#include "screen/picture.h"
#include "screen/terminal.h"

namespace slabhound::screen {

class Live : public campaign::News {
 public:
  static constexpr double kInterval = 0.5;  // seconds
  static constexpr size_t kNewsMax = 200, kWarningsMax = 20;

  Live(std::unique_ptr<Terminal> terminal, Title title)
      : terminal_(std::move(terminal)), title_(std::move(title)) {}
  ~Live() override { Leave(); }

  void Tell(const campaign::Event& event) override;
  bool IsDue(double seconds) const override { return seconds >= next_; }
  void Show(const campaign::Status& status) override;
  void End(const campaign::Status&) override { Leave(); }

 private:
  void Draw();
  void Leave();
  void TellWarnings();

  std::unique_ptr<Terminal> terminal_;
  Title title_;
  std::deque<campaign::Event> news_;  // the last first
  std::vector<std::string> warnings_;
  campaign::Status status_;  // the last that was shown
  double next_ = 0;
};

}  // namespace slabhound::screen
