// The page of a campaign's folder as one HTML file that needs no server and no network.
#pragma once

#include <string>

#include "base/result.h"

namespace slabhound::page {

// The error is one line: there is no such folder. Files that would make it larger than
// `bytes_max` are left out, those of the least severe bugs first.
Result<std::string, std::string> ReportText(const std::string& folder,
                                            size_t bytes_max = 64u << 20);

}  // namespace slabhound::page
