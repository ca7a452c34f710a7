#include "check/sarif.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/hash.h"

namespace slabhound::check {
namespace {

using Json = nlohmann::ordered_json;

// How code hosts show a severity, in its order.
struct Level {
  const char* level;
  const char* security_severity;  // as of CVSS
};
constexpr std::array<Level, 6> kLevels = {{{"error", "9.0"},
                                           {"error", "7.5"},
                                           {"warning", "5.0"},
                                           {"warning", "4.0"},
                                           {"warning", "3.0"},
                                           {"note", "1.0"}}};
static_assert(kLevels.size() == static_cast<size_t>(cause::Severity::Refusal) + 1);

constexpr const char* kRegressionRule = "regression";

const Level& LevelOf(cause::Severity severity) { return kLevels[static_cast<size_t>(severity)]; }

std::string RuleId(const Bug& bug) {
  std::string id = fmt::format("{}/{}", cause::SeverityName(bug.severity), bug.verdict);
  std::ranges::replace(id, ' ', '-');
  return id;
}

Json Rule(const std::string& id, const std::string& what, const Level& level) {
  return {{"id", id},
          {"name", id},
          {"shortDescription", {{"text", what}}},
          {"fullDescription", {{"text", what}}},
          {"help",
           {{"text",
             "Run slabhound repro on the folder of the finding, which is among the check's "
             "artifacts."}}},
          {"defaultConfiguration", {{"level", level.level}}},
          {"properties",
           {{"tags", {"security", "slabhound"}}, {"security-severity", level.security_severity}}}};
}

using Rules = std::map<std::string, Json>;  // by id

Rules RulesOf(const Report& report) {
  Rules rules;
  for (const Bug& bug : report.bugs) {
    const std::string id = RuleId(bug);
    const std::string what =
        fmt::format("{}: found as {}", cause::SeverityName(bug.severity), bug.verdict);
    rules.try_emplace(id, Rule(id, what, LevelOf(bug.severity)));
  }
  for (const Regression& each : report.regressions) {
    if (each.outcome != RegressionOutcome::Failed) continue;
    rules.try_emplace(kRegressionRule, Rule(kRegressionRule, "a regression file fails",
                                            LevelOf(cause::Severity::WrongValue)));
  }
  return rules;
}

// What a result says of its rule.
Json OfRule(const Rules& rules, const std::string& id, const Level& level) {
  return {{"ruleId", id},
          {"ruleIndex", std::distance(rules.begin(), rules.find(id))},
          {"level", level.level}};
}

// A path as a relative URI.
std::string UriOf(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/+@=,";
  std::string uri;
  for (const char c : path) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || kPlain.contains(c);
    if (is_plain) {
      uri += c;
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

Json Locations(Json artifact, uint32_t line) {
  return Json::array(
      {{{"physicalLocation",
         {{"artifactLocation", std::move(artifact)},
          {"region",
           {{"startLine", line}, {"startColumn", 1}, {"endLine", line}, {"endColumn", 1}}}}}}});
}

Json ResultOf(const Bug& bug, const Rules& rules) {
  Json result = OfRule(rules, RuleId(bug), LevelOf(bug.severity));
  result["message"]["text"] =
      fmt::format("{} on {}: {}, {}\n{}", bug.name, bug.engine, Plural(bug.cases, "case"),
                  Plural(bug.symptoms, "symptom"), bug.explanation);
  result["locations"] = Locations({{"uri", UriOf(bug.case_file)}, {"uriBaseId", "ARTIFACTS"}}, 1);
  Json& prints = result["partialFingerprints"];
  prints["primaryLocationLineHash"] = fmt::format("{}:{}", bug.symptom_print, bug.variant);
  prints["slabhoundSymptom/v1"] = bug.symptom_print;
  if (!bug.cause_print.empty()) prints["slabhoundCause/v1"] = bug.cause_print;
  return result;
}

Json ResultOf(const Regression& regression, const Rules& rules) {
  Json result = OfRule(rules, kRegressionRule, LevelOf(cause::Severity::WrongValue));
  result["message"]["text"] = fmt::format("{} fails: {}", regression.engine, regression.text);
  result["locations"] = Locations({{"uri", UriOf(regression.file)}}, std::max(regression.line, 1u));
  const std::string what = regression.engine + "\n" + regression.file;
  result["partialFingerprints"]["primaryLocationLineHash"] =
      HashText(HashBytes(AsBytes(what))) + ":1";
  return result;
}

}  // namespace

std::string SarifText(const Report& report, const std::string& version) {
  const Rules rules = RulesOf(report);
  Json list = Json::array();
  for (const auto& [id, rule] : rules) list.push_back(rule);
  Json results = Json::array();
  for (const Bug& bug : report.bugs) results.push_back(ResultOf(bug, rules));
  for (const Regression& regression : report.regressions) {
    if (regression.outcome == RegressionOutcome::Failed) {
      results.push_back(ResultOf(regression, rules));
    }
  }
  const Json run = {
      {"tool",
       {{"driver", {{"name", "Slabhound"}, {"version", version}, {"rules", std::move(list)}}}}},
      {"originalUriBaseIds",
       {{"ARTIFACTS", {{"description", {{"text", "the folder that check --out names"}}}}}}},
      {"columnKind", "utf16CodeUnits"},
      {"results", std::move(results)}};
  const Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({run})}};
  return log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace slabhound::check
