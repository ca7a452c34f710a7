// The bugs of a folder tried on an engine by hand, whatever they were tried on before.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "campaign/bug_list.h"
#include "engine/spec.h"
#include "worker/lab.h"

namespace slabhound::campaign {

struct RetryResult {
  size_t tried = 0, came_back = 0;
};

// `tell` gets a line for each bug. The error is one line: the folder's database, or an engine whose
// build cannot be told.
Result<RetryResult, std::string> RetryBugs(const std::string& folder, const BugList& list,
                                           const std::vector<engine::EngineSpec>& engines,
                                           const worker::Lab& lab,
                                           const std::function<void(const std::string&)>& tell);

}  // namespace slabhound::campaign
