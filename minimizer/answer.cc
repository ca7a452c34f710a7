#include "minimizer/answer.h"

namespace slabhound::minimizer {

std::optional<Outcome> Answer::Wait(Deadline deadline) {
  if (auto* question = std::get_if<std::unique_ptr<Question>>(&state_)) {
    const std::optional<Outcome> outcome = (*question)->Wait(deadline);
    if (!outcome) return std::nullopt;
    state_ = *outcome;
  }
  return std::get<Outcome>(state_);
}

}  // namespace slabhound::minimizer
