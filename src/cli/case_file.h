// Test cases from files: .wasm or .wat (with or without a plan), or .wast of one module
// (script_case.h). A file that starts with a zero byte is binary whatever its name.
//
// Files are read within a bound; whatever is wrong is one line: path, what, and where (an offset,
// or line:column).
#pragma once

#include <string>

#include "base/result.h"
#include "testcase/testcase.h"
#include "wasm/error.h"

namespace slabhound::cli {

Result<testcase::TestCase, std::string> ReadCase(const std::string& path);

// "PATH: what is wrong and where", for a case that was read from there and is not valid.
std::string InvalidCase(const std::string& path, const wasm::Error& error);

}  // namespace slabhound::cli
