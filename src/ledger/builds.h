// What bugs' cases did on builds of their engines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "ledger/database.h"

namespace slabhound::ledger {

struct BuildRow {
  std::string slug;    // of the symptom whose case was tried
  std::string engine;  // without its version
  std::string build;   // what tells builds apart
  int64_t at_ms = 0;
  std::string outcome;  // fixed, still there, came back
  uint64_t seen = 0, tries = 0;

  friend bool operator==(const BuildRow&, const BuildRow&) = default;
};

// In the order of time.
Result<std::vector<BuildRow>, FileError> ReadBuilds(const Database& database);
// It takes the place of an earlier one of that case and build; `if_new`: that one stays.
Result<void, FileError> AddBuild(Database& database, const BuildRow& row, bool if_new = false);

}  // namespace slabhound::ledger
