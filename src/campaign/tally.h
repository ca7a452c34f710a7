// The counters of a campaign, and their text.
//
// Every case is counted exactly once, as one of: agree, poisoned, known, rejected, finding,
// generator crash, killed. Where fuel or call depth ran out, the comparison went on: such a case
// may be any of them.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "avoid/known_file.h"
#include "campaign/death.h"
#include "campaign/report.h"
#include "cause/key.h"

namespace slabhound::campaign {

// Cases that an engine was given, that it did not run at all, and whose modules it refused.
struct EngineCounts {
  uint64_t asked = 0, not_run = 0, refused = 0;
  // It tells so little that nothing found says nothing.
  bool is_silent() const { return (not_run + refused) * 2 > asked; }
  friend bool operator==(const EngineCounts&, const EngineCounts&) = default;
};

struct Tally {
  uint64_t cases = 0;
  uint64_t agree = 0, poisoned = 0, known = 0, rejected = 0, findings = 0, generator_crashes = 0,
           killed = 0;
  uint64_t fuel = 0, depth = 0, large = 0;            // ran out; one case may be in all
  std::map<std::string, uint64_t> rejections;         // by reason
  std::map<std::string, uint64_t> generator_reasons;  // by how it ended
  std::map<std::string, uint64_t> killed_reasons;
  std::map<std::string, uint64_t> buckets;                   // findings, by signature
  std::map<std::string, uint64_t> known_met, known_avoided;  // cases, by row of avoid/known.def
  std::map<uint64_t, EngineCounts> engines;                  // by place in the campaign's list
  std::map<std::string, uint64_t> needs;           // cases, by the instruction that ended a run
  std::map<std::string, uint64_t> configurations;  // cases, by what was drawn for one of them
  uint64_t generate_ns = 0, judge_ns = 0;          // CPU time

  void Count(const CaseReport& report);
  void CountDeath(DeathKind kind, const std::string& reason);
  void CountFinding(const std::string& signature);
  // So many findings are known as that row says, as it turned out.
  void TakeKnown(const std::string& row, uint64_t count);

  friend bool operator==(const Tally&, const Tally&) = default;
};

// What a campaign found of one bug.
struct BugCounts {
  cause::Severity severity = cause::Severity::WrongValue;
  std::string name;  // its label, or a symptom of it
  uint64_t cases = 0;
  size_t symptoms = 0;
  std::string folder = {};  // empty: it could not be written
  bool is_new = true;       // none of its symptoms was there before this campaign
  bool came_back = false;   // it was fixed
};

// "12345 modules, 561/s, poisoned 42.1 %, rejected 0.0 %, generator crashes 0, findings 120 in 8
// bugs (38 symptoms)".
std::string StatusText(const Tally& tally, std::span<const BugCounts> bugs, double per_second);

// Several lines: all counts, with reasons, and the bugs in their order. `cpu_seconds` are those of
// all processes.
std::string SummaryText(const Tally& tally, std::span<const BugCounts> bugs, double seconds,
                        double cpu_seconds, unsigned jobs);

// A line for each engine that did not run, or refused, more than half of what it was given.
std::vector<std::string> SilentEngines(const Tally& tally,
                                       std::span<const engine::EngineSpec> engines);

// What the summary adds when engines behind workers ran: each of their known disagreements with its
// counts, and said aloud those that are expired or did not occur; likewise rows of a user's own.
std::string KnownText(const Tally& tally, std::span<const engine::EngineSpec> engines,
                      std::string_view today, const std::vector<avoid::KnownRow>& rows = {});

}  // namespace slabhound::campaign
