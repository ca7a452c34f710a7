#include "page/metrics.h"

#include <fmt/format.h>

#include <map>
#include <string_view>

namespace slabhound::page {
namespace {

using campaign::Json;

// As the value of a label.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + '"';
}

void AddHead(std::string& text, const char* name, const char* type, const char* help) {
  text += fmt::format("# HELP slabhound_{0} {2}\n# TYPE slabhound_{0} {1}\n", name, type, help);
}

void AddGauge(std::string& text, const char* name, const char* help, const Json& value) {
  AddHead(text, name, "gauge", help);
  text += fmt::format("slabhound_{} {}\n", name, value.dump());
}

}  // namespace

std::string MetricsText(const Json& overview, const Json& bugs) {
  std::string text;
  const Json& totals = overview.at("totals");
  AddGauge(text, "symptoms", "Symptoms in the folder.", totals.at("symptoms"));
  AddGauge(text, "finding_cases", "Cases of all symptoms in the folder.", totals.at("cases"));
  std::map<std::string, uint64_t> by_severity;
  for (const Json& bug : bugs) {
    if (bug.at("kind") == "finding") ++by_severity[bug.at("severity").get<std::string>()];
  }
  AddHead(text, "bugs", "gauge", "Bugs in the folder.");
  for (const auto& [severity, count] : by_severity) {
    text += fmt::format("slabhound_bugs{{severity={}}} {}\n", Quoted(severity), count);
  }
  const auto run = overview.find("run");
  if (run == overview.end() || !run->is_object()) return text;
  AddGauge(text, "run_seconds", "Wall time of the last run.", run->at("seconds"));
  AddGauge(text, "run_cpu_seconds", "CPU time of the last run.", run->at("cpu_seconds"));
  AddGauge(text, "run_seen_milliseconds", "When the last run wrote last, since 1970.",
           run->at("seen_ms"));
  AddGauge(text, "running", "Whether the last run has not ended.",
           run->at("ended").is_null() ? 1 : 0);
  AddHead(text, "counter_total", "counter", "The campaign's tally, by scope and name.");
  for (const auto& [scope, names] : overview.at("counters").items()) {
    for (const auto& [name, value] : names.items()) {
      text += fmt::format("slabhound_counter_total{{scope={},name={}}} {}\n", Quoted(scope),
                          Quoted(name), value.dump());
    }
  }
  return text;
}

}  // namespace slabhound::page
