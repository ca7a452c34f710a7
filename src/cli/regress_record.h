// What a case says of itself: which releases of an engine fail it. One comment line of a .wat file:
//
//   ;; record wasmtime#10397 fails 28.0.0 31.0.0 passes 32.0.0 50.0.1 options points=1
//
// 1. It opens with where the bug was published, or `unmatched`. `fails` and `passes` list releases
//    of the engine that stands before the `#` (or `of ENGINE` behind `unmatched`). Of an engine
//    that is named without its release they list what its worker says.
// 2. Engines that no list names are expected not to fail.
// 3. `options` are the configuration in which that engine runs the case; without them regress tries
//    its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace slabhound::cli {

struct RegressRecord {
  std::string issue;                       // wasmtime#10397, or unmatched
  std::string engine;                      // wasmtime
  std::vector<std::string> fails, passes;  // releases
  std::string options;                     // of the engine's text
};

// The record in the comments of a .wat; nothing if there is none. The error is what is wrong with
// it, in one line.
Result<std::optional<RegressRecord>, std::string> ReadRecord(std::string_view text);

}  // namespace slabhound::cli
