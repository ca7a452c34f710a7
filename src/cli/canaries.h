// Canaries of the engines that a command was given (diff/canary.h), sent before the first case.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "engine/spec.h"
#include "worker/lab.h"

namespace slabhound::cli {

// What a campaign asks of every engine. The error is one line: each engine that fails, and how.
// The lab learns who takes no exceptions, which is told on stderr.
Result<void, std::string> SendCanaries(std::span<const engine::EngineSpec> engines,
                                       worker::Lab& lab);

// For single cases: a user's own commands and workers only. Those that die pass: the case is the
// better witness.
Result<void, std::string> SendCanariesToOwn(std::span<const engine::EngineSpec> engines,
                                            worker::Lab& lab);

}  // namespace slabhound::cli
