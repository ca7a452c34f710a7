// The bugs of a folder on the builds of engines: fixed, still there, or came back.
//
// 1. A bug is tried on each build of its engine once, by the case that stands for it; a build is
//    what worker/build.h says. What was found on a build is there on it, and not tried.
// 2. It came back where it fails though an earlier build passed, or a person marked it fixed. Of
//    builds with versions, a later version is no earlier build, whenever it was tried.
// 3. An engine that cannot run the case says nothing: it is asked again the next time.
// 4. Nothing runs here: jobs do (try_run.h).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "campaign/bug_list.h"
#include "campaign/news.h"
#include "campaign/report.h"
#include "engine/spec.h"
#include "ledger/builds.h"
#include "worker/build.h"

namespace slabhound::campaign {

// `earlier` are those of its bug and engine, without this build's.
std::string_view RetrialOutcome(bool fails, const std::vector<ledger::BuildRow>& earlier,
                                const std::string& build, bool marked_fixed);

class Retrials {
 public:
  // Whether a bug is tried on the engine.
  enum class Scope : uint8_t {
    NewBuilds,  // of its own engine, that it was not tried on
    All,        // of any engine of its kind, again too
  };

  Retrials(std::string folder, std::vector<engine::EngineSpec> engines)
      : folder_(std::move(folder)), engines_(std::move(engines)) {}

  // Lines of news: what is tried, and engines that are left out, as their build cannot be told.
  std::vector<std::string> Plan(const BugList& list, Scope scope);
  size_t waiting() const { return waiting_.size(); }
  std::optional<TryOrder> Next();

  // Records what came of an order; without a line there is nothing to tell.
  Result<Event, FileError> Take(const TriedReport& report);
  // A symptom was found on the build that this suspect has now. Of each the first time counts.
  Result<void, FileError> Found(const std::string& slug, const std::string& suspect);

 private:
  struct EngineBuild {
    engine::EngineSpec engine;
    worker::Build build;
  };
  struct Trial {
    std::string name, folder;   // of the bug
    std::string engine, build;  // as rows have them
    std::vector<ledger::BuildRow> earlier;
    bool marked_fixed = false;
    TryOrder order;  // its module is read when it is its turn
  };

  // Once, when there is something to try, or to record.
  void TellBuilds();
  void PlanOn(const BugList& list, const EngineBuild& on, Scope scope);

  std::string folder_;
  std::vector<engine::EngineSpec> engines_;
  bool has_builds_ = false;
  std::vector<EngineBuild> builds_;
  std::vector<std::string> problems_;
  std::deque<Trial> waiting_;
  std::map<std::string, Trial> under_way_;  // by slug and engine
  std::set<std::string> found_;             // slugs
};

// A line for each build on which the bug was tried, the last one first.
std::string BuildsText(const cause::Bug& bug, const std::vector<ledger::BuildRow>& rows);

}  // namespace slabhound::campaign
