// What campaign.db tells (ledger/schema.cc), as JSON for the page. All of it reads only, each
// function one committed state.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "campaign/finding_json.h"
#include "ledger/database.h"

namespace slabhound::page {

using campaign::Json;

// The last run, and what it was at when it last wrote.
Result<Json, FileError> RunJson(const ledger::Database& database);

// The tally of the last run's series: {scope: {name: value}}, and its cases by hour.
Result<Json, FileError> CountersJson(const ledger::Database& database);

// Columns for curves, at most kGrowthPointsMax long; the last is always there.
inline constexpr size_t kGrowthPointsMax = 600;
Result<Json, FileError> GrowthJson(const ledger::Database& database);

// The newest first.
Result<Json, FileError> EventsJson(const ledger::Database& database, size_t count_max);

// When cases of a symptom were found: the first, the last, and how many in each of kSparkBars equal
// parts of the time since the first of all.
inline constexpr size_t kSparkBars = 24;
struct Seen {
  int64_t first_ms = 0, last_ms = 0;
  std::vector<uint64_t> bars = std::vector<uint64_t>(kSparkBars);

  void Add(const Seen& other);
};
Result<std::map<std::string, Seen>, FileError> SeenBySymptom(const ledger::Database& database);

// What people said, by symptom: its mark ("known", "fixed") and its label, as they hold now.
struct SaidOf {
  std::map<std::string, std::string> marks, labels;
};
Result<SaidOf, FileError> SaidBySymptom(const ledger::Database& database);

// What cases of all runs reached (reach/reach.h), as ReachJson has it; null: nothing was counted.
Result<Json, FileError> ReachedJson(const ledger::Database& database);

// Of these symptoms: what happened, what people said, and which builds they were tried on.
Result<Json, FileError> HistoryJson(const ledger::Database& database,
                                    const std::set<std::string>& slugs);

}  // namespace slabhound::page
