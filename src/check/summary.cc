#include "check/summary.h"

#include <array>
#include <nlohmann/json.hpp>

#include "campaign/tally_counters.h"
#include "check/verdict.h"

namespace slabhound::check {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "slabhound_check";

std::string TextOf(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json JsonOf(const Bug& bug) {
  return {{"severity", cause::SeverityName(bug.severity)},
          {"verdict", bug.verdict},
          {"name", bug.name},
          {"engine", bug.engine},
          {"cases", bug.cases},
          {"symptoms", bug.symptoms},
          {"folder", bug.folder},
          {"symptom_print", bug.symptom_print},
          {"cause_print", bug.cause_print}};
}

Json JsonOf(const Regression& regression) {
  constexpr std::array kNames = {"passed", "failed", "not run"};
  return {{"file", regression.file},
          {"engine", regression.engine},
          {"outcome", kNames[static_cast<size_t>(regression.outcome)]},
          {"line", regression.line},
          {"text", regression.text}};
}

}  // namespace

std::string UnfinishedText() {
  return TextOf({{kFormat, kSummaryFormat}, {"verdict", "unfinished"}});
}

std::string SummaryText(const Report& report) {
  const Verdict verdict = VerdictOf(report);
  Json json = {{kFormat, kSummaryFormat},
               {"verdict", VerdictName(verdict)},
               {"exit_code", ExitCode(verdict)},
               {"fail_on", cause::SeverityName(report.fail_on)},
               {"seed", report.seed},
               {"engines", report.engines}};
  json.update(campaign::CasesJson(report.tally));
  json.update({{"bugs", Json::array()},
               {"known_rows", Json::object()},
               {"regressions", Json::array()},
               {"too_few_cases", report.silent}});
  if (!report.failure.empty()) json["failure"] = report.failure;
  if (report.interrupted) json["interrupted"] = true;
  for (const Bug& bug : report.bugs) json["bugs"].push_back(JsonOf(bug));
  for (const KnownCount& known : report.known) json["known_rows"][known.row] = known.cases;
  for (const Regression& each : report.regressions) json["regressions"].push_back(JsonOf(each));
  return TextOf(json);
}

bool IsSummary(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_object() && json.contains(kFormat);
}

}  // namespace slabhound::check
