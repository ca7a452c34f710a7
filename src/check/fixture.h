// Parts of a report for tests.
#pragma once

#include <string>

#include "check/report.h"

namespace slabhound::check {

inline Bug BugOf(cause::Severity severity, const std::string& name) {
  Bug bug;
  bug.severity = severity;
  bug.verdict = "panic";
  bug.name = name;
  bug.engine = "v8";
  bug.cases = 2;
  bug.symptoms = 1;
  bug.folder = "findings/bug";
  bug.case_file = "findings/bug/case.wat";
  bug.symptom_print = "00000000000000aa";
  bug.cause_print = "00000000000000bb";
  return bug;
}

inline Report ReportOf(std::vector<Bug> bugs) {
  Report report;
  report.seed = 7;
  report.engines = {"v8"};
  report.tally.cases = 100;
  report.bugs = std::move(bugs);
  return report;
}

}  // namespace slabhound::check
