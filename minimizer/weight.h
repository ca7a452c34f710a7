// The weight of a test case, which every accepted candidate lowers: bytes of its file first, then
// how much its code asks of a reader.
#pragma once

#include <compare>
#include <cstdint>

#include "base/bytes.h"
#include "testcase/testcase.h"

namespace slabhound::minimizer {

struct Weight {
  uint64_t bytes = 0;
  uint64_t complexity = 0;
  friend auto operator<=>(const Weight&, const Weight&) = default;
};

// `file` is WriteTestCase(test_case).
Weight WeightOf(const testcase::TestCase& test_case, ByteSpan file);

}  // namespace slabhound::minimizer
