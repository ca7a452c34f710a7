// The databases of several stores as one.
//
// 1. A row is the same in two stores if what names it is the same: runs by their names, series by
//    their keys, cases by series and number, symptoms by identity.h. What is in one only is taken.
// 2. Of a row that both have the later state is taken: counts of one run only grow. Of a case that
//    two runs found, the first; what one run tells of it twice, with a cause before without.
// 3. So joining is associative, commutative and idempotent. Rows that follow from the folders
//    (bugs, members, variants) are left out.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "join/source.h"

namespace slabhound::join {

struct JoinedRows {
  uint64_t cases = 0;                   // numbers that were done, of all series
  std::set<std::string> artifacts;      // that cases name
  std::vector<std::string> seen_twice;  // a line for each series with numbers of two runs
};

// `target` is new.
Result<JoinedRows, FileError> JoinRows(ledger::Database& target, const std::vector<Source>& sources,
                                       const Names& names);

}  // namespace slabhound::join
