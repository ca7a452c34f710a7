// The bugs of a folder of findings as rows, so that a page, or another machine, need not read its
// files.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "ledger/database.h"

namespace slabhound::ledger {

struct MemberRow {
  std::string slug, why, signature, suspect, reproduced;
  bool minimized = false;
  uint64_t bytes = 0;
  std::vector<std::pair<std::string, std::string>> variants;  // names and outcomes

  friend bool operator==(const MemberRow&, const MemberRow&) = default;
};

struct BugRow {
  std::string slug, severity, label;
  std::vector<MemberRow> members;

  friend bool operator==(const BugRow&, const BugRow&) = default;
};

// They take the place of those that were there. Most severe first.
Result<void, FileError> WriteBugs(Database& database, const std::vector<BugRow>& bugs);
Result<std::vector<BugRow>, FileError> ReadBugs(const Database& database);

}  // namespace slabhound::ledger
