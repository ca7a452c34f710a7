// A check of engines for their team's CI: regression files, then a campaign, then a report.
//
// 1. With a number of modules and no time the campaign is steady (campaign.h, 9): the same seed
//    gives the same report, byte by byte, as far as the engines are deterministic.
// 2. Everything it writes is in one folder (folder.h), which may stand anywhere.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "campaign/campaign.h"
#include "check/report.h"

namespace slabhound::check {

struct Options {
  campaign::Options campaign =
      {};  // engines, seed, budgets, known rows; its `out` and `log` are ours
  std::vector<std::string> regressions = {};  // scripts, or folders of them
  std::string out = "check";
  cause::Severity fail_on = cause::Severity::Refusal;  // the least severe that fails it
  std::string version = {};                            // Slabhound's own
};

// The error is one line. Requires: the engines passed their canaries.
Result<Report, std::string> RunCheck(const Options& options);

}  // namespace slabhound::check
