// What a person should do next when a campaign has ended, as lines; the first is what matters most.
#pragma once

#include <string>

#include "campaign/campaign.h"

namespace slabhound::screen {

std::string AdviceText(const campaign::Outcome& outcome, const std::string& out);

}  // namespace slabhound::screen
