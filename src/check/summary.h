// summary.json of a check's folder: the verdict, what was counted, every bug and regression file.
// As long as the check runs its verdict is "unfinished".
#pragma once

#include <string>

#include "check/report.h"

namespace slabhound::check {

inline constexpr uint64_t kSummaryFormat = 1;

std::string UnfinishedText();
std::string SummaryText(const Report& report);
// Whether a check wrote this.
bool IsSummary(std::string_view text);

}  // namespace slabhound::check
