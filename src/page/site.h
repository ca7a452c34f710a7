// The page as it was built in: HTML, style and scripts in one file, so that a browser asks once.
//
// 1. The scripts of site/*.mjs are one script: without the lines that import, and as no module, it
//    runs from a file too (report.h).
// 2. It comes with `data`, JSON by path, which the scripts take instead of asking. With an
//    "/api/session" they ask that server for more; without, they take it that this is all.
// 3. No script runs but what has the page's nonce, which what cases hold cannot know.
#pragma once

#include <string>

#include "page/request.h"

namespace slabhound::page {

// For a file.
std::string SelfContained(const std::string& data);

// The nonce is another one each time.
Answer ServedPage(const std::string& data, const std::string& nonce);

}  // namespace slabhound::page
