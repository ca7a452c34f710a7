#include "campaign/status_json.h"

#include <nlohmann/json.hpp>

#include "cause/key.h"

namespace slabhound::campaign {
namespace {

using Json = nlohmann::ordered_json;

std::string_view NameOf(Doing doing) {
  switch (doing) {
    case Doing::Nothing:
      break;
    case Doing::Cases:
      return "cases";
    case Doing::Minimizing:
      return "minimizes";
  }
  return "rests";
}

Json OrNull(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

Json Engines(const Status& status) {
  Json engines = Json::array();
  for (size_t place = 0; place < status.engines.size(); ++place) {
    const EngineCounts counts = status.CountsOf(place);
    engines.push_back({{"name", status.engines[place]},
                       {"asked", counts.asked},
                       {"not_run", counts.not_run},
                       {"refused", counts.refused},
                       {"silent", counts.asked > 0 && counts.is_silent()}});
  }
  return engines;
}

Json Jobs(const Status& status) {
  Json jobs = Json::array();
  for (const JobStatus& job : status.jobs) {
    jobs.push_back({{"doing", NameOf(job.doing)},
                    {"what", job.what},
                    {"number", job.number},
                    {"seconds", job.seconds},
                    {"bytes", job.bytes}});
  }
  return jobs;
}

}  // namespace

Json ToJson(const Status& status) {
  const Tally& tally = status.tally;
  size_t symptoms = 0;
  Json severities = Json::object();
  for (const BugCounts& bug : status.bugs) {
    symptoms += bug.symptoms;
    Json& count = severities[std::string(cause::SeverityName(bug.severity))];
    count = (count.is_null() ? 0 : count.get<uint64_t>()) + 1;
  }
  return {{"seconds", status.seconds},
          {"seconds_left", OrNull(status.seconds_left)},
          {"modules", tally.cases},
          {"modules_before", status.cases_before},
          {"modules_per_second", status.modules_per_second},
          {"agree", tally.agree},
          {"poisoned", tally.poisoned},
          {"known", tally.known},
          {"rejected", tally.rejected},
          {"findings", tally.findings},
          {"generator_crashes", tally.generator_crashes},
          {"killed", tally.killed},
          {"fuel", tally.fuel},
          {"depth", tally.depth},
          {"large", tally.large},
          {"bugs", status.bugs.size()},
          {"symptoms", symptoms},
          {"severities", severities},
          {"seen_once", tally.seen_once()},
          {"last_find_at", OrNull(status.last_find_at)},
          {"last_find", status.last_find},
          {"to_minimize", status.to_minimize},
          {"jobs", Jobs(status)},
          {"jobs_started", status.jobs_started},
          {"workers_started", status.workers_started},
          {"engines", Engines(status)}};
}

std::string LineOf(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace slabhound::campaign
