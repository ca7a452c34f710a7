// What a campaign keeps in campaign.db, as its supervisor writes and resumes it.
//
// 1. A batch is written as a whole: numbers are done, their counts are counted, and their findings
//    are there, or none of that. So a kill between batches costs cases that are run again, and
//    counts none twice.
// 2. The files that a batch speaks of are written before it.
// 3. It does not know what counters mean, nor what a symptom is: it keeps texts and numbers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "ledger/database.h"
#include "ledger/number_set.h"

namespace slabhound::ledger {

// By scope and name.
using Counters = std::map<std::pair<std::string, std::string>, uint64_t>;

struct Series {
  uint64_t seed = 0;
  std::string configuration;  // JSON
};

struct RunStart {
  std::string name;  // unique among all machines
  std::string shard, version;
  int64_t started_ms = 0;
};

struct FoundCase {
  uint64_t number = 0;
  std::string slug;      // of its symptom
  std::string artifact;  // empty: it was not kept
};

// A case of the symptom `from` is of another, as it turned out.
struct MovedCase {
  uint64_t number = 0;
  std::string from, to;
};

struct Event {
  std::string kind, slug, text;
};

struct Growth {
  uint64_t cases = 0, findings = 0, symptoms = 0, bugs = 0;
};

struct ReachedCell {
  std::string instruction, type, state;
  uint64_t cases = 0;
};

// What has happened since the last one.
struct Batch {
  int64_t at_ms = 0;
  double seconds = 0, cpu_seconds = 0;  // of the run, so far
  std::vector<NumberRange> done;
  Counters counters;  // what is to be added
  std::vector<FoundCase> found;
  std::vector<MovedCase> moved;  // of this series
  std::vector<Event> events;
  std::optional<Growth> growth;
  std::vector<ReachedCell> reached;  // to be added
  std::string now;                   // JSON; empty: as before
};

// What earlier runs of a series did.
struct Past {
  NumberSet done;
  Counters counters;
  std::map<std::string, uint64_t> cases;  // that were kept or counted, by slug of their symptom
  uint64_t runs = 0;
  double seconds = 0, cpu_seconds = 0;
};

// A module as it was found, that is kept (artifacts.h).
struct Original {
  std::string artifact;
  int64_t at_ms = 0;            // when it was first found
  uint64_t symptom_cases = 0;   // of its symptom; of several the one with most
  int64_t symptom_seen_ms = 0;  // when that was last
  bool is_first_of_bug = false;
};

class Ledger {
 public:
  static Result<Ledger, FileError> Open(const std::string& folder);

  // Starts a run of that series; a new one begins with its first run.
  Result<void, FileError> Begin(const Series& series, const RunStart& start);
  // Of the series of this run, before it. Requires: Begin.
  Result<Past, FileError> ReadPast() const;
  Result<void, FileError> Add(const Batch& batch);
  // `how` in a word or two.
  Result<void, FileError> End(const std::string& how);

  // Whether the series has a row of that case and symptom. Requires: Begin.
  Result<bool, FileError> Holds(uint64_t number, const std::string& slug) const;

  // In the order of their names, of all series.
  Result<std::vector<Original>, FileError> Originals() const;
  // These artifacts are kept no more.
  Result<void, FileError> Forget(const std::vector<std::string>& artifacts);

 private:
  explicit Ledger(Database database) : database_(std::move(database)) {}

  Database database_;
  int64_t run_ = 0, series_ = 0;
  NumberSet done_;  // by this run
};

// 16 hexadecimal digits.
std::string KeyOf(const Series& series);

}  // namespace slabhound::ledger
