// The bugs of a folder of findings as a table for people, most severe first.
#pragma once

#include <string>

#include "campaign/bug_list.h"

namespace slabhound::campaign {

// The releases of the suspect's engine that fail, as far as they were tried: "only 45.0.0", "31.0.0
// to 43.0.0"; empty: no other was.
std::string FailingReleasesText(const Record& record);

// A line for each bug; `verbose`: behind it its symptoms, and why they are of it.
std::string FindingsTable(const std::string& folder, const BugList& list, bool verbose);

}  // namespace slabhound::campaign
