// A user's command, told of each new bug once: mail or chat.
//
// 1. A bug is told when the first of its symptoms is minimized: only then it is known which bug
//    that is of. What is not minimized is told when that is known, or after ten minutes.
// 2. A bug is not told if an earlier message was about it, or the folder of findings had a symptom
//    of it before this campaign; one that was gone and is back is.
// 3. The message is one JSON object: `format` (1), `kind` (finding: its case is not minimized;
//    minimized; regression), `symptom`, `bug` (the folder's name), `severity`, `folder`, `commands`
//    (`repro`, `minimize`), `campaign` (`out`, `seed`), `text` (a line for people).
// 4. The command never keeps the campaign waiting (upkeep/hook.h); its first failure is a warning.
#pragma once

#include <chrono>
#include <deque>
#include <set>
#include <string>

#include "campaign/news.h"
#include "screen/picture.h"
#include "upkeep/hook.h"

namespace slabhound::screen {

class OnFinding : public campaign::News {
 public:
  // Warnings go to `desk`, which outlives this.
  OnFinding(std::string command, Title title, campaign::News& desk)
      : hook_(std::move(command)), title_(std::move(title)), desk_(desk) {}

  void Tell(const campaign::Event& event) override;
  void Tick() override;
  // Waits for what is under way, as long as one run of the command may take.
  void End(const campaign::Status& status) override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    campaign::Event event;
    Clock::time_point until;
  };

  void Send(const char* kind, const campaign::Event& event);
  // Whether none of its bug was told; from now on it is.
  bool IsFirst(const campaign::Event& event);

  upkeep::Hook hook_;
  Title title_;
  campaign::News& desk_;
  std::set<std::string> told_;  // symptoms
  std::deque<Waiting> waiting_;
};

}  // namespace slabhound::screen
