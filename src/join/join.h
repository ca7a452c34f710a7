// Stores of campaigns joined to one, by cause: what `slabhound merge` does.
//
// 1. The sources stay as they are. The result is in a new folder, which appears as a whole.
// 2. Joining is associative, commutative and idempotent: only what was found and said counts, not
//    in which order stores are named, nor how often.
// 3. Symptoms are joined that have one signature and exactly one cause (identity.h). The best case
//    of each is kept. Bugs follow (campaign/bug_list.h), as in any store.
// 4. Of a signature some of whose cases have a cause, one without is shown with the first of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace slabhound::join {

struct Joined {
  uint64_t cases = 0;              // numbers that were done, of all series
  uint64_t counted = 0;            // of symptoms, in earlier times too
  size_t symptoms = 0, bugs = 0;   // that are kept
  std::vector<std::string> notes;  // a line each
};

// The error is one line.
Result<Joined, std::string> Join(const std::string& out, const std::vector<std::string>& folders);

}  // namespace slabhound::join
