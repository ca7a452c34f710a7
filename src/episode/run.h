// Running scripts on an engine behind a worker: their episodes go through what campaigns use
// (worker/run.h), and each assertion is held against the trace.
//
// 1. A trap fits if the kind that the script names is among those that the engine's message means.
//    A message that the table of messages does not know fits nothing.
// 2. Exhaustion is the portable form's call depth, or the engine's own stack. A limit of the engine
//    ends its run: the steps behind it are run again without the call that met it.
// 3. What must be refused must be refused before linking. Engines do not tell malformed from
//    invalid.
// 4. Nothing collects unless the engine's configuration says so: `gc=minor` or `gc=full`.
// 5. Passed counts assertions, failed counts those and every other command that fails, as the
//    runner of engines of this process does (script/runner.h). Misses that are explained
//    (misses.def) are counted by their row.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "diff/dispatch.h"
#include "engine/spec.h"
#include "episode/episode.h"
#include "worker/lab.h"

namespace slabhound::episode {

struct Report {
  uint64_t passed = 0;
  std::vector<Note> failed;                                // by line
  std::map<std::string, uint64_t, std::less<>> not_run;    // by reason
  std::map<std::string, uint64_t, std::less<>> explained;  // by name and reason
};

class EngineRun {
 public:
  // The error says why the engine cannot be had. Requires: an engine behind a worker. What takes
  // too long is run once more, if it is not believed to hang.
  static Result<EngineRun, std::string> Start(const engine::EngineSpec& engine,
                                              std::shared_ptr<worker::Pool> workers,
                                              bool believes_timeouts = false);

  // `name` is the script's, for misses.def.
  Report Run(const script::Script& script, std::string_view name);

 private:
  EngineRun(const engine::EngineSpec& engine, worker::Lab lab, worker::ProcessEngine refuser)
      : engine_(engine), lab_(std::move(lab)), refuser_(std::move(refuser)) {}

  void RunEpisode(const Episode& episode, Report& report);
  void Offer(const Refusal& refusal, Report& report);

  engine::EngineSpec engine_;
  worker::Lab lab_;
  worker::ProcessEngine refuser_;  // a worker for modules that must be refused
};

}  // namespace slabhound::episode
