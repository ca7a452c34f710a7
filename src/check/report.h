// What a check found, as values: JUnit (junit.h), SARIF (sarif.h), summary.json (summary.h) and the
// verdict (verdict.h) are made of it.
//
// 1. With `modules` it follows from the engines, the seed and the regression files: it has no
//    times, and paths are below the check's folder or as the user named them.
// 2. A bug or a file that no engine of the check is behind belongs to the first one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "campaign/tally.h"
#include "cause/key.h"

namespace slabhound::check {

// A new one: those that a row of the known-file has are counted by row.
struct Bug {
  cause::Severity severity = cause::Severity::WrongValue;
  std::string verdict;  // diverge, panic, crash, hang …
  std::string name;     // its label, or the symptom that stands for it
  std::string engine;   // as the check was given it
  uint64_t cases = 0;
  size_t symptoms = 0;
  std::string folder, case_file;  // below the check's folder
  std::string explanation;
  // Of engine and symptom without versions, and of the cause, which only a minimized one has: they
  // stay the same from build to build.
  std::string symptom_print, cause_print;
  uint32_t variant = 1;  // of the causes with that symptom

  friend bool operator==(const Bug&, const Bug&) = default;
};

struct KnownCount {
  std::string row, reason, engine;  // one of the check's
  uint64_t cases = 0;

  friend bool operator==(const KnownCount&, const KnownCount&) = default;
};

enum class RegressionOutcome : uint8_t { Passed, Failed, NotRun };
struct Regression {
  std::string file, engine;
  RegressionOutcome outcome = RegressionOutcome::Passed;
  uint32_t line = 0;  // of what failed
  std::string text;   // what failed, in which configuration; why it did not run

  friend bool operator==(const Regression&, const Regression&) = default;
};

struct Report {
  uint64_t seed = 0;
  std::vector<std::string> engines;  // that were checked
  cause::Severity fail_on = cause::Severity::Refusal;
  campaign::Tally tally;
  std::vector<Bug> bugs;  // most severe first
  std::vector<KnownCount> known;
  std::vector<Regression> regressions;
  // Why nothing found says nothing: engines that ran too few cases, what ended it early.
  std::vector<std::string> silent;
  std::string failure;
  bool interrupted = false;

  bool Counts(const Bug& bug) const { return bug.severity <= fail_on; }
};

// As in "2 new bugs".
std::string Plural(uint64_t count, const std::string& noun);

}  // namespace slabhound::check
