// The guard of commands that run engines of this process: their work is done in a child
// (base/guard.h), so that an engine that crashes or hangs is a finding that names it, as it is in a
// campaign, and no sudden end.
#pragma once

#include <functional>

#include "base/guard.h"

namespace slabhound::cli {

// Where runs say what they are at; null outside of Guarded.
GuardNote* CurrentNote();

// What the command does; its value is the exit code.
int Guarded(const std::function<int()>& work);

}  // namespace slabhound::cli
