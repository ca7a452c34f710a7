#include "screen/stats.h"

#include <ctime>
#include <nlohmann/json.hpp>

#include "campaign/status_json.h"

namespace slabhound::screen {

std::string StatsLine(const campaign::Status& status, int64_t time, bool is_end) {
  nlohmann::ordered_json line = {{"time", time}, {"end", is_end}};
  line.update(campaign::ToJson(status));
  return campaign::LineOf(line);
}

void Stats::Show(const campaign::Status& status) {
  next_ = status.seconds + kInterval;
  file_.Write(StatsLine(status, std::time(nullptr), /*is_end=*/false));
}

void Stats::End(const campaign::Status& status) {
  file_.Write(StatsLine(status, std::time(nullptr), /*is_end=*/true));
}

}  // namespace slabhound::screen
