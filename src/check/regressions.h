// The regression files of a check, run on its engines: as they stand, and in the ways in which a
// suspect is tried (regression/script_engines.h). The first way that fails tells.
//
// 1. An engine of this process runs in a child: a crash or a hang fails the file.
// 2. A plain command takes no scripts: then a file is not run.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "check/report.h"
#include "engine/spec.h"
#include "worker/pool.h"

namespace slabhound::check {

// The error is one line: a path that is not there, a file that is no script, an engine that cannot
// be had. `engines` may be drawn; then each file has a drawn configuration.
Result<std::vector<Regression>, std::string> RunRegressions(
    const std::vector<std::string>& paths, std::span<const engine::EngineSpec> engines,
    const std::shared_ptr<worker::Pool>& workers);

}  // namespace slabhound::check
