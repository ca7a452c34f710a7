// All who are told a campaign's news, each as often as it wants.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "campaign/news.h"
#include "screen/picture.h"
#include "upkeep/rotated_file.h"

namespace slabhound::screen {

class Desk : public campaign::News {
 public:
  void Add(std::unique_ptr<campaign::News> news) { all_.push_back(std::move(news)); }

  void Tell(const campaign::Event& event) override {
    for (const auto& each : all_) each->Tell(event);
  }
  void Tick() override {
    for (const auto& each : all_) each->Tick();
  }
  bool IsDue(double seconds) const override {
    for (const auto& each : all_) {
      if (each->IsDue(seconds)) return true;
    }
    return false;
  }
  void Show(const campaign::Status& status) override {
    for (const auto& each : all_) {
      if (each->IsDue(status.seconds)) each->Show(status);
    }
  }
  void End(const campaign::Status& status) override {
    for (const auto& each : all_) each->End(status);
  }

 private:
  std::vector<std::unique_ptr<campaign::News>> all_;
};

// What the flags of a campaign say; what is empty is not wanted.
struct DeskOptions {
  bool quiet = false;
  Title title = {};
  std::string log = {}, stats = {};  // files
  upkeep::Rotation rotation = {};    // of both
  std::string on_finding = {};       // a command
};

// On stderr a live screen, if that is a terminal that can, and nobody wants quiet; else lines. The
// error is one line: a file that cannot be written.
Result<std::unique_ptr<Desk>, std::string> MakeDesk(const DeskOptions& options);

}  // namespace slabhound::screen
