// A condition of the user's own: a shell command that gets the candidate as a file.
//
// 1. Each {} of the command becomes the path of the candidate's file; exit code 0 is interesting.
// 2. Questions may be asked while others are open: each has a file and a process group of its own,
//    which are gone when it has its answer or is dropped.
// 3. A command that runs longer than the time limit is killed. One that the shell cannot start (its
//    exit codes 126 and 127) has not been asked. Its output is dropped.
#pragma once

#include <string>

#include "base/result.h"
#include "minimizer/minimize.h"

namespace slabhound::cli {

struct ExternalCommand {
  std::string command;
  std::string scratch;  // what the names of the files begin with
  double seconds_max = 10;
};

// The error is one line.
Result<minimizer::Predicate, std::string> ExternalPredicate(const ExternalCommand& command);

// Runs it once more: how it ended, and the last line that it wrote to stderr.
std::string LastWords(const ExternalCommand& command, const testcase::TestCase& test_case);

}  // namespace slabhound::cli
