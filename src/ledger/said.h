// What people said of bugs: rows that are only added, the same in whatever order they come.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "ledger/database.h"

namespace slabhound::ledger {

struct Said {
  int64_t at_ms = 0;
  std::string verb;   // merge, split, label, known, fixed, open (neither of the two)
  std::string slug;   // of a symptom
  std::string other;  // of a merge: of the other
  std::string text;   // of a label: the name

  friend auto operator<=>(const Said&, const Said&) = default;
};

// In the order of time.
Result<std::vector<Said>, FileError> ReadSaid(const Database& database);
// What is there already is not added again.
Result<void, FileError> Say(Database& database, const std::vector<Said>& said);

}  // namespace slabhound::ledger
