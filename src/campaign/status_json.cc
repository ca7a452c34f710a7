#include "campaign/status_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace slabhound::campaign {
namespace {

const char* DoingName(Doing doing) {
  switch (doing) {
    case Doing::Nothing:
      return "nothing";
    case Doing::Cases:
      return "cases";
    case Doing::Minimizing:
      return "minimizing";
    case Doing::Trying:
      return "trying";
  }
  return "";
}

// Tenths are enough.
double Rounded(double number) { return std::round(number * 10) / 10; }

}  // namespace

std::string StatusJson(const Status& status) {
  nlohmann::ordered_json json = {{"seconds", Rounded(status.seconds)},
                                 {"modules_per_second", Rounded(status.modules_per_second)},
                                 {"jobs_started", status.jobs_started},
                                 {"workers_started", status.workers_started},
                                 {"to_minimize", status.to_minimize}};
  if (status.seconds_left) json["seconds_left"] = Rounded(*status.seconds_left);
  if (status.last_find_at) {
    json["last_find"] = {{"seconds", Rounded(*status.last_find_at)}, {"symptom", status.last_find}};
  }
  json["engines"] = nlohmann::ordered_json::array();
  for (size_t place = 0; place < status.engines.size(); ++place) {
    const EngineCounts counts = status.CountsOf(place);
    json["engines"].push_back({{"engine", status.engines[place]},
                               {"asked", counts.asked},
                               {"not_run", counts.not_run},
                               {"refused", counts.refused}});
  }
  json["jobs"] = nlohmann::ordered_json::array();
  for (const JobStatus& job : status.jobs) {
    json["jobs"].push_back({{"doing", DoingName(job.doing)},
                            {"what", job.what},
                            {"number", job.number},
                            {"seconds", Rounded(job.seconds)},
                            {"bytes", job.bytes}});
  }
  // Whatever a job wrote into its flight, the text is one.
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace slabhound::campaign
