// The bugs of a folder of findings: what finding.json of each symptom tells, what the database
// tells of cases and of what people said, and what follows (cause/bugs.h).
//
// 1. A symptom that is explained by another (Finding::explained_by) is in the bug of that one.
// 2. Cases that were kept for their own sake (killed, generator crash) are in no bug.
// 3. ArrangeBugs brings the folder in line: places of folders (layout.h), bug.json in each bug's
//    folder, and the commands in finding.json where a folder has moved. It is idempotent.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "campaign/finding_json.h"
#include "campaign/layout.h"
#include "cause/bugs.h"
#include "ledger/bug_rows.h"
#include "ledger/builds.h"
#include "ledger/said.h"

namespace slabhound::campaign {

inline constexpr std::string_view kCameBack = "came back";  // as rows of builds have it

struct BugList {
  Places places;
  std::map<std::string, Record> symptoms;  // by slug; those that can be read
  std::vector<ledger::Said> said;          // in the order of time
  std::vector<ledger::BuildRow> builds;    // on which their cases were tried
  // Those that came back first; of both the most severe first.
  std::vector<cause::Bug> bugs;

  // Finds `bugs` anew.
  void FindBugs();
  // Whether it failed on the last build on which it was tried, after it had been fixed.
  bool CameBack(const cause::Bug& bug) const;
  // Null: it is in none.
  const cause::Bug* BugOf(const std::string& slug) const;
};

Result<BugList, FileError> ReadBugList(const std::string& folder);

// As the database keeps them.
std::vector<ledger::BugRow> RowsOf(const BugList& list);

// Requires: the folder's lock (layout.h). `list` is what ReadBugList gave.
Result<void, FileError> ArrangeBugs(const std::string& folder, BugList& list);

}  // namespace slabhound::campaign
