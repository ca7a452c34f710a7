#include "screen/live.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace slabhound::screen {

void Live::Tell(const campaign::Event& event) {
  using campaign::EventKind;
  news_.push_front(event);
  if (news_.size() > kNewsMax) news_.pop_back();
  const bool needs_a_person =
      event.kind == EventKind::Warning || event.kind == EventKind::Regression;
  if (!needs_a_person) return;
  if (warnings_.size() < kWarningsMax) warnings_.push_back(event.line);
  if (terminal_->has_left()) return TellWarnings();
  Draw();  // it may be that the campaign waits for a person
}

void Live::Show(const campaign::Status& status) {
  next_ = status.seconds + kInterval;
  status_ = status;
  Draw();
}

void Live::Draw() {
  Size size = terminal_->size();
  // Some terminals erase the last column with what is behind it.
  if (size.width > 1) --size.width;
  terminal_->Draw(Picture(title_, status_, news_, size));
}

void Live::Leave() {
  terminal_->Leave();
  TellWarnings();
}

void Live::TellWarnings() {
  for (const std::string& line : std::exchange(warnings_, {})) {
    fmt::print(stderr, "slabhound: {}\n", line);
  }
}

}  // namespace slabhound::screen
