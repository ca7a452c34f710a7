#include "campaign/retry.h"

#include "campaign/retrials.h"
#include "campaign/try_run.h"

namespace slabhound::campaign {

Result<RetryResult, std::string> RetryBugs(const std::string& folder, const BugList& list,
                                           const std::vector<engine::EngineSpec>& engines,
                                           const worker::Lab& lab,
                                           const std::function<void(const std::string&)>& tell) {
  Retrials retrials(folder, engines);
  const std::vector<std::string> lines = retrials.Plan(list, Retrials::Scope::All);
  if (retrials.waiting() == 0) {
    if (!lines.empty()) return Fail(lines.front());
    return RetryResult{};
  }
  const SharedFlight flight = MapFlight();
  if (!flight) return Fail(std::string("no memory to try a case"));
  CaseRun run;
  run.engines = {engine::EngineSpec{}};
  run.lab = lab;
  RetryResult result;
  while (const auto order = retrials.Next()) {
    const TriedReport report = RunTry(run, *order, *flight);
    const auto event = retrials.Take(report);
    if (!event) return Fail(event.error().message);
    tell(event->line);
    ++result.tried;
  }
  const auto now = ReadBugList(folder);
  if (!now) return Fail(now.error().message);
  for (const cause::Bug& bug : now->bugs) result.came_back += now->CameBack(bug) ? 1 : 0;
  return result;
}

}  // namespace slabhound::campaign
