// The history of a finding as files, where it does not fit into the case's own
// (worker/history_section.h): for a failure that an engine's worker shows only after other modules:
// history/000.json is the first request that a fresh worker must get, as it is sent
// (worker/protocol.h, 3), history/000.wasm its module, and so on; the case itself comes last.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "worker/protocol.h"

namespace slabhound::campaign {

// Makes the folder.
Result<void, FileError> WriteHistory(const std::string& folder,
                                     std::span<const trace::SentRun> history);
// Empty if there is no such folder.
Result<std::vector<trace::SentRun>, FileError> ReadHistory(const std::string& folder);

}  // namespace slabhound::campaign
