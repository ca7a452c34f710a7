// A case that fails only after others as one file: what the engine's worker must have been sent
// before it stands in a custom section `slabhound.history`, beside the plan (testcase/testcase.h).
//
// 1. Every engine can load the file, and whoever does not ask for the history sees the case alone.
// 2. Reading is total: a section that is damaged, or a second one, is an error of one line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trace/recurrence.h"
#include "wasm/module.h"

namespace slabhound::worker {

inline constexpr std::string_view kHistorySectionName = "slabhound.history";

struct CaseHistory {
  std::string suspect = {};               // text of the engine whose worker runs it
  std::vector<trace::SentRun> runs = {};  // oldest first; empty: there is none
};

// The bytes of the case with its history; nothing where the file would be too large to be read.
std::optional<Bytes> WithHistory(Bytes test_case, const CaseHistory& history);

// Takes the section out of the module.
Result<CaseHistory, std::string> TakeHistory(wasm::Module& module);

}  // namespace slabhound::worker
