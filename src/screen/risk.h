// How likely the next module is to show something new: the estimate of Good and Turing, symptoms
// that were seen once for each module. Where none was seen once, the rule of three says below which
// chance it is, in 95 of 100 campaigns.
#pragma once

#include <cstdint>
#include <string>

#include "campaign/tally.h"

namespace slabhound::screen {

struct Risk {
  uint64_t modules = 0;
  uint64_t seen_once = 0;  // symptoms

  bool is_known() const { return modules >= 100; }
  // The next new symptom is expected after so many modules, or after more than so many.
  uint64_t modules_each() const { return modules / (seen_once > 0 ? seen_once : 3); }
};

Risk RiskOf(const campaign::Tally& tally);

// "one in 4,115 modules", "less than one in 4,115 modules"; "not known yet" of few.
std::string NextFindText(const Risk& risk);

}  // namespace slabhound::screen
