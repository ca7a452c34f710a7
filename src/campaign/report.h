// What supervisor and job tell each other, and its form as frames (wire.h).
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "campaign/wire.h"
#include "cause/key.h"
#include "diff/compare.h"
#include "reach/survey.h"
#include "worker/recurrence.h"

namespace slabhound::campaign {

// To a job: the cases first … first + count - 1, one report each.
struct CasesOrder {
  uint64_t first = 0, count = 0;
  std::vector<std::string> without = {};  // ingredients that are taken out of them (masking.h)

  friend bool operator==(const CasesOrder&, const CasesOrder&) = default;
};
// What a known symptom's case needs (masking.h).
struct KnownCause {
  std::string slug;
  std::vector<std::string> ingredients;

  friend bool operator==(const KnownCause&, const KnownCause&) = default;
};
// To a job: one MinimizedReport, and before it some of what is the smallest so far.
struct MinimizeOrder {
  diff::Signature signature;
  Bytes module;  // a test case
  uint64_t number = 0;
  bool died = false;                      // a job died of it: it runs in child processes (trial.h)
  std::vector<KnownCause> causes = {};    // a case that one of them explains is left as it is
  std::vector<std::string> engines = {};  // that show it; empty: the campaign's
  // Of a case that fails only after others (history_reduction.h), and the engine that does.
  std::vector<trace::SentRun> history = {};
  std::string suspect = {};
  uint64_t candidates_max = 0;  // 0: as many as there is time for

  friend bool operator==(const MinimizeOrder&, const MinimizeOrder&) = default;
};
// To a job: a kept case on an engine (try_run.h), one TriedReport.
struct TryOrder {
  std::string slug;
  std::string engine;    // its text
  bool is_rare = false;  // it did not fail every time
  Bytes module;          // a test case, with its history

  friend bool operator==(const TryOrder&, const TryOrder&) = default;
};
using Order = std::variant<CasesOrder, MinimizeOrder, TryOrder>;

struct CaseReport {
  uint64_t number = 0;
  diff::VerdictKind verdict = diff::VerdictKind::Agree;
  bool fuel_exhausted = false, depth_exhausted = false, size_exhausted = false;
  bool heap_exhausted = false;
  uint64_t generate_ns = 0, judge_ns = 0;          // CPU time
  std::string reason;                              // of a rejection
  std::vector<std::string> known, avoided, needs;  // as in diff::Verdict
  // Places in the campaign's list: engines that were given the case, that did not run it at all,
  // and that refused its module.
  std::vector<uint64_t> asked, not_run, refused;
  reach::Reached reached;  // of the cases that are surveyed
  bool is_finding() const { return diff::IsFinding(verdict); }
  // Findings only.
  diff::Signature signature;
  std::string explanation, suspect;
  Bytes module;                  // the test case
  trace::Recurrence recurrence;  // of an engine's worker

  friend bool operator==(const CaseReport&, const CaseReport&) = default;
};

struct MinimizedReport {
  diff::Signature signature;
  bool so_far = false;    // it is still under way: the module is the smallest, and there is no more
  bool complete = false;  // a fix-point was reached
  uint64_t candidates = 0;
  uint64_t slipped = 0;      // of them: showed the symptom, with another cause
  std::string failure;       // why there is nothing better, else empty
  std::string explained_by;  // the slug of the known cause that does; then there is nothing else
  // How often it happened, where it did not at once: the case, or the minimized one.
  uint32_t seen = 0, tries = 0;
  std::string explanation, suspect;
  std::vector<std::string> engines;  // that show it
  Bytes module;                      // the test case
  std::string regression;            // the regression file's text
  std::string regression_fails_on;   // the engine that fails it, if that was tried
  std::string regression_missing;    // why it is empty
  std::optional<cause::Key> cause;
  std::vector<std::string> ingredients;  // what the minimized case needs
  std::vector<trace::SentRun> history;   // what it must come after

  friend bool operator==(const MinimizedReport&, const MinimizedReport&) = default;
};
struct TriedReport {
  std::string slug, engine;      // of the order
  uint32_t seen = 0, tries = 0;  // it failed so often
  std::string not_able;          // why nothing is known, else empty

  friend bool operator==(const TriedReport&, const TriedReport&) = default;
};
using Report = std::variant<CaseReport, MinimizedReport, TriedReport>;

Bytes WriteOrder(const Order& order);
std::optional<Order> ReadOrder(ByteSpan frame);
Bytes WriteReport(const Report& report);
std::optional<Report> ReadReport(ByteSpan frame);

// A signature's fields as JSON.
Item WriteSignature(const diff::Signature& signature);
std::optional<diff::Signature> ReadSignature(const Item& item);

}  // namespace slabhound::campaign
