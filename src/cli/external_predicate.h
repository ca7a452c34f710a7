// A condition of the user's own: a shell command that gets the candidate as a file.
#pragma once

#include <string>

#include "base/result.h"
#include "minimizer/minimize.h"

namespace slabhound::cli {

// Each {} of the command becomes the path of the candidate's file, which is at `scratch`; exit code
// 0 is interesting. A command that runs longer than the time limit is killed, and not interesting.
// Its output is dropped. The error is one line.
Result<minimizer::Predicate, std::string> ExternalPredicate(const std::string& command,
                                                            const std::string& scratch,
                                                            double seconds_max);

}  // namespace slabhound::cli
