// The weight of a test case, which every accepted candidate lowers: bytes first, then how much its
// code and types ask of a reader, then the numbers in it.
//
// Bytes are those of the module and some for each call: the section that holds a plan costs more
// than the calls it saves, and is left out of the account, or no call could ever be dropped.
#pragma once

#include <compare>
#include <cstdint>

#include "testcase/testcase.h"

namespace slabhound::minimizer {

struct Weight {
  uint64_t bytes = 0;
  uint64_t complexity = 0;
  uint64_t numbers = 0;  // the sum of all integer constants, as far as it can be told
  friend auto operator<=>(const Weight&, const Weight&) = default;
};

// `module_bytes` are those of the module's binary.
Weight WeightOf(const testcase::TestCase& test_case, size_t module_bytes);

}  // namespace slabhound::minimizer
