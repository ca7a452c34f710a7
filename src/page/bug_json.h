// The bugs of a folder as JSON: a row of the table, and all that the page of one tells.
#pragma once

#include "campaign/finding_json.h"
#include "page/bug_table.h"

namespace slabhound::page {

using campaign::Json;

Json BugRowJson(const BugRow& bug);

// `folder` as the user named it: commands to copy have it.
Json BugPageJson(const BugRow& bug, const std::string& folder);

}  // namespace slabhound::page
