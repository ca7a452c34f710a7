#include "screen/stats.h"

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "campaign/tally_counters.h"
#include "cause/key.h"
#include "screen/risk.h"

namespace slabhound::screen {
namespace {

using Json = nlohmann::ordered_json;

Json OrNull(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

Json Engines(const campaign::Status& status) {
  Json engines = Json::array();
  for (size_t place = 0; place < status.engines.size(); ++place) {
    const campaign::EngineCounts counts = status.CountsOf(place);
    engines.push_back({{"name", status.engines[place]},
                       {"asked", counts.asked},
                       {"not_run", counts.not_run},
                       {"refused", counts.refused},
                       {"silent", counts.asked > 0 && counts.is_silent()}});
  }
  return engines;
}

}  // namespace

std::string StatsLine(const campaign::Status& status, int64_t time, bool is_end) {
  const campaign::Tally& tally = status.tally;
  const auto doing = [&](campaign::Doing what) {
    return std::ranges::count(status.jobs, what, &campaign::JobStatus::doing);
  };
  size_t symptoms = 0;
  Json severities = Json::object();
  for (const campaign::BugCounts& bug : status.bugs) {
    symptoms += bug.symptoms;
    Json& count = severities[std::string(cause::SeverityName(bug.severity))];
    count = (count.is_null() ? 0 : count.get<uint64_t>()) + 1;
  }
  Json line = {{"time", time},
               {"seconds", status.seconds},
               {"seconds_left", OrNull(status.seconds_left)},
               {"modules_per_second", status.modules_per_second}};
  line.update(campaign::CasesJson(tally));
  line.update({{"fuel", tally.fuel},
               {"depth", tally.depth},
               {"large", tally.large},
               {"bugs", status.bugs.size()},
               {"symptoms", symptoms},
               {"seen_once", RiskOf(tally).seen_once},
               {"last_find_at", OrNull(status.last_find_at)},
               {"to_minimize", status.to_minimize},
               {"jobs", doing(campaign::Doing::Cases) + doing(campaign::Doing::Minimizing)},
               {"minimizing", doing(campaign::Doing::Minimizing)},
               {"jobs_started", status.jobs_started},
               {"workers_started", status.workers_started},
               {"engines", Engines(status)},
               {"severities", severities},
               {"end", is_end}});
  return line.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

void Stats::Show(const campaign::Status& status) {
  next_ = status.seconds + kInterval;
  file_.Write(StatsLine(status, std::time(nullptr), /*is_end=*/false));
}

void Stats::End(const campaign::Status& status) {
  file_.Write(StatsLine(status, std::time(nullptr), /*is_end=*/true));
}

}  // namespace slabhound::screen
