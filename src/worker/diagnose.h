// What happened to a worker that ended: from its status and last words.
//
// 1. The message is the same whenever the same happens: no addresses, numbers or folders in it.
// 2. A panic (the engine says that it is broken) is told apart from a crash, and both from running
//    out of memory, which says nothing about the engine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/subprocess.h"
#include "trace/failure.h"

namespace slabhound::worker {

// Whether such a signal comes from outside: no bug of a program raises it.
bool ComesFromOutside(int signal);

// A line with N for numbers and without the folders of paths, so that the same failure has the same
// text.
std::string StableText(std::string_view line);

// `errors` is the end of its stderr; `data_bytes_max` its data limit, 0 for none.
trace::Failure Diagnose(const ExitStatus& status, std::string_view errors, uint64_t data_bytes_max);

}  // namespace slabhound::worker
