// The page's own files, as they were built in: HTML, style, scripts.
//
// The scripts of site/*.mjs are one script: without the lines that import, and as no module, it
// runs from a file too (report.h).
#pragma once

#include <optional>
#include <string>

#include "page/request.h"

namespace slabhound::page {

// Nothing: there is no such file.
std::optional<Answer> SiteAnswer(const std::string& path);

// The same for one file: everything in it, and `data`, JSON by path, which the scripts take
// instead of asking.
std::string SelfContained(const std::string& data);

}  // namespace slabhound::page
