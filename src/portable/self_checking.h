// Self-checking modules of a test case: its portable form, with what the oracle observes baked in
// (portable/portable.h). They import nothing, so that anything with a command line runs them; the
// verdict is how the entry ends.
//
// 1. The first one, unless instantiation traps, is the plan's first kSelfCheckingCallsMax calls
//    without those that trap: it must return.
// 2. Each call that traps, and instantiation that does, is a module of its own, of the same plan up
//    to there: it must trap. At most kTrapsMax of them.
// 3. On request there is one more, "wrong": the first one with a bit of one expectation changed. It
//    must trap, which tells that a runner's verdicts mean something.
// 4. All of them were run on the oracle, and end as they must.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "portable/portable.h"

namespace slabhound::portable {

inline constexpr size_t kTrapsMax = 16;
inline constexpr size_t kSelfCheckingCallsMax = 200;

struct SelfChecking {
  std::string name;  // "returns", "traps-0", …
  wasm::Module module;
  bool traps = false;
  size_t calls = 0;  // that are made
};

// The error says why there are none. `wrong` chooses the bit of 3.
Result<std::vector<SelfChecking>, std::string> ExportSelfChecking(
    const testcase::TestCase& test_case, const PortableOptions& options,
    std::optional<uint64_t> wrong = std::nullopt);

}  // namespace slabhound::portable
