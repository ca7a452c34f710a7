// The folder of findings: one folder a bug, with case.wasm, case.wat, regression.wast (of minimized
// cases), finding.json of its representative symptom, bug.json; what an engine's worker must have
// run before is in case.wasm (worker/history_section.h); the other symptoms of the bug are such
// folders in its symptoms/ (layout.h). `slabhound repro FOLDER` shows it again.
//
// 1. A symptom's folder appears, or changes, as a whole: a reader, or a kill at any moment, sees
//    the old files or the new.
// 2. A case is replaced by a better one only: minimized before unminimized, then with a shorter
//    history, then smaller. Of two steady campaigns' (campaign.h, 5): one that was smaller as it
//    was generated, so that it does not matter which came first.
// 3. What another campaign left is kept and counted; a folder that cannot be read is left alone.
// 4. finding.json carries the number of its format (finding_format.h). A later one than ours cannot
//    be read.
// 5. A new symptom is a bug of its own until Arrange, which Open does too, finds where it belongs.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "campaign/bug_list.h"
#include "campaign/finding.h"
#include "ledger/database.h"

namespace slabhound::campaign {

class Store {
 public:
  // Opens or makes the folder, reads what is there and brings it in line. What a process that is
  // gone left unfinished (".part") is removed.
  static Result<Store, FileError> Open(const std::string& folder);

  // Writes the finding when it is its symptom's first or better than what is there; returns whether
  // it did.
  Result<bool, FileError> Offer(const Finding& finding);
  // Files tell how many cases the database counts.
  Result<void, FileError> WriteCounts();
  // What was written survives a power cut.
  Result<void, FileError> Sync();

  // Tells in the symptom's file why its case is not minimized, and how often it was reproduced.
  Result<void, FileError> Explain(const std::string& slug, const std::string& why, uint32_t seen,
                                  uint32_t tries);
  // The same, where it passes without what that other symptom needs.
  Result<void, FileError> ExplainBy(const std::string& slug, const std::string& other);

  // People say more of them.
  Result<void, FileError> Say(const std::vector<ledger::Said>& said);
  // Symptoms become bugs.
  Result<void, FileError> Arrange();
  // As of the last Arrange, and what this campaign has offered since. The bugs are found anew if it
  // has: who needs only the symptoms should ask for those.
  const BugList& list() const;
  const std::map<std::string, Record>& symptoms() const { return list_.symptoms; }

  // Which engines a case has, by the seed of its campaign and its number.
  using EnginesOfCase = std::function<std::vector<std::string>(uint64_t seed, uint64_t number)>;
  // Findings of these engines that are worth a minimization that they did not get.
  std::vector<Finding> Unminimized(const EnginesOfCase& engines_of) const;

  std::string FolderOf(const std::string& slug) const;

 private:
  struct Best {
    bool readable = true;
    bool minimized = false, steady = false;
    uint64_t history = 0, bytes = 0;
    decltype(StartOf(Record())) start;
  };
  static Best BestOf(const Finding& finding);
  static bool IsBetter(const Best& finding, const Best& there);

  Store(std::string folder, ledger::Database database)
      : folder_(std::move(folder)), database_(std::move(database)) {}
  // Into the database: what stood in files before there was one.
  Result<void, FileError> Import();
  Result<void, FileError> ArrangeLocked();
  Result<void, FileError> Write(const Finding& finding, const std::string& slug, uint64_t count);
  // Changes the file of a symptom, if it can be read.
  template <typename Change>
  Result<void, FileError> ChangeJson(const std::string& slug, const Change& change);

  std::string folder_;
  ledger::Database database_;
  std::vector<ledger::BugRow> rows_;  // as written
  std::set<std::string> unsynced_;    // slugs
  std::map<std::string, Best> best_;  // by slug
  mutable BugList list_;
  mutable bool bugs_are_stale_ = false;  // something was offered since they were found
};

}  // namespace slabhound::campaign
