// Running a test case on a plain command line that knows nothing of Slabhound:
// `--engine 'command:iwasm -f run {}'`. The shell runs it for each self-checking module of the case
// (portable/self_checking.h), whose file {} becomes.
//
// 1. Exit code 0 means that the module returned, any other one that it trapped. If all modules do
//    what they must, the trace is the oracle's own; if one does not, the trace ends with that.
// 2. A signal, and a panic's words in what it wrote, are a panic of the trace, and so is running
//    out of time, which is that of a worker's run, whatever other modules did. Running out of
//    memory says nothing: what stands behind it is not compared. A command that the shell cannot
//    run makes the trace unusable.
// 3. What the command wrote is read to its end and the last of it kept: it is in the finding.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"
#include "engine/spec.h"
#include "testcase/prepared.h"
#include "trace/trace.h"
#include "wasm/module.h"
#include "worker/lab.h"

namespace slabhound::diff {

// The shell's command, with {} in it. The error is one line. Requires: EngineKind::Command.
Result<std::string, std::string> CommandLine(const engine::EngineSpec& spec);

// How the command ended for one module. At most one of `unusable` and `failure` is there.
struct CommandEnd {
  bool returned = false;
  std::optional<std::string> unusable = {};
  std::optional<trace::Failure> failure = {};
  std::string text = {};  // for people: "exit code 1: its last line"
};
// Requires: EngineKind::Command.
CommandEnd RunCommandOn(const engine::EngineSpec& spec, const wasm::Module& module,
                        std::chrono::milliseconds time = worker::WorkerLimits().run_time);

trace::Trace RunCommand(const testcase::Prepared& prepared, const engine::EngineSpec& spec,
                        const worker::Lab& lab);

}  // namespace slabhound::diff
