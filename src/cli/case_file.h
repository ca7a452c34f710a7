// Test cases from files: .wasm or .wat (with or without a plan), or .wast of one module
// (script_case.h). A file that starts with a zero byte is binary whatever its name.
//
// Files are read within a bound; whatever is wrong is one line: path, what, and where (an offset,
// or line:column).
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "base/result.h"
#include "provide/answers.h"
#include "testcase/testcase.h"
#include "wasm/error.h"

namespace slabhound::cli {

// As the file has it.
Result<testcase::TestCase, std::string> ReadCaseAsWritten(const std::string& path);
// With its imports given (provide/provide.h); `imports` is a file of answers, or empty.
Result<testcase::TestCase, std::string> ReadCase(const std::string& path,
                                                 const std::string& imports = {});

// --imports FILE.
void AddImportsFlag(CLI::App& parser, std::string& imports);
// Nothing if the flag was not given.
Result<std::optional<provide::Answers>, std::string> ReadImportsFlag(const std::string& imports);

// "PATH: what is wrong and where", for a case that was read from there and is not valid.
std::string InvalidCase(const std::string& path, const wasm::Error& error);

}  // namespace slabhound::cli
