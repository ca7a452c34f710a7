#include "cli/finding_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "campaign/finding_format.h"
#include "campaign/history_files.h"
#include "cause/json.h"

namespace slabhound::cli {
namespace {

using Json = nlohmann::ordered_json;
using Facts = std::vector<std::pair<std::string, std::string>>;

std::string TextOf(const Json& json, const std::string& key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

uint64_t NumberOf(const Json& json, const std::string& key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_unsigned() ? found->get<uint64_t>() : 0;
}

// Of the bug that the folder stands for (campaign/bug_list.h), if it does.
void AddBug(const std::string& path, Facts& facts) {
  const auto content = ReadFile(path + "/bug.json", 1u << 20);
  if (!content) return;
  const auto json = Json::parse(AsText(*content), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return;
  if (std::string label = TextOf(json, "label"); !label.empty()) {
    facts.emplace_back("label", std::move(label));
  }
  if (std::string severity = TextOf(json, "severity"); !severity.empty()) {
    facts.emplace_back("severity", std::move(severity));
  }
  const auto symptoms = json.find("symptoms");
  if (symptoms == json.end() || !symptoms->is_array() || symptoms->size() < 2) return;
  facts.emplace_back("symptoms",
                     fmt::format("{} of this bug, {} cases; the others are in symptoms/ there",
                                 symptoms->size(), NumberOf(json, "count")));
}

Facts FactsOf(const Json& json, const std::string& path) {
  Facts facts;
  AddBug(path, facts);
  const uint64_t count = NumberOf(json, "count");
  std::string seen = count == 0 ? std::string("the first case")
                                : fmt::format("{} case{}", count, count == 1 ? "" : "s");
  seen += fmt::format(" of seed {}, this one is case {}", NumberOf(json, "seed"),
                      NumberOf(json, "case"));
  if (const std::string again = TextOf(json, "reproduced"); !again.empty()) {
    seen += fmt::format("; it came again {} times", again);
  }
  facts.emplace_back("how often", std::move(seen));
  if (std::string releases = TextOf(json, "releases"); !releases.empty()) {
    facts.emplace_back("since", std::move(releases));
  }
  const uint64_t bytes = NumberOf(json, "module_bytes");
  if (bytes > 0) {
    const auto minimized = json.find("minimized");
    const bool is_small = minimized != json.end() && minimized->is_boolean() && *minimized;
    facts.emplace_back("size",
                       fmt::format("{} bytes of {}{}", bytes, NumberOf(json, "original_bytes"),
                                   is_small ? "" : ", not minimized"));
  }
  std::error_code ignored;
  if (std::filesystem::exists(path + "/regression.wast", ignored)) {
    facts.emplace_back("script", "regression.wast");
  } else if (const std::string why = TextOf(json, "regression_missing"); !why.empty()) {
    facts.emplace_back("script", "none: " + why);
  }
  return facts;
}

}  // namespace

Result<std::optional<FindingFolder>, std::string> ReadFindingFolder(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return std::optional<FindingFolder>();
  FindingFolder folder;
  folder.case_file = path + "/case.wasm";
  const std::string file = path + "/finding.json";
  const auto content = ReadFile(file, 1u << 20);
  if (!std::filesystem::exists(file, ignored)) {
    return Fail(fmt::format("{}: a folder without finding.json, so no finding; name a case", path));
  }
  if (!content) return Fail(content.error().message);
  const auto json = Json::parse(AsText(*content), nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && campaign::FormatOf(json) > campaign::kFindingFormat) {
    return Fail(fmt::format("{}: of a later format than {}; a newer slabhound reads it", file,
                            campaign::kFindingFormat));
  }
  const auto is_text = [](const Json& each) { return each.is_string(); };
  const bool good = json.is_object() && json.contains("suspect") && is_text(json["suspect"]) &&
                    json.contains("engines") && json["engines"].is_array() &&
                    std::ranges::all_of(json["engines"], is_text);
  if (!good) return Fail(fmt::format("{}: it names no engines and suspect", file));
  folder.engines = json["engines"].get<std::vector<std::string>>();
  if (const auto& suspect = json["suspect"].get_ref<const std::string&>(); !suspect.empty()) {
    auto spec = engine::ParseEngine(suspect);
    if (!spec) return Fail(fmt::format("{}: its suspect {}: {}", file, suspect, spec.error()));
    folder.suspect = *std::move(spec);
  }
  auto history = campaign::ReadHistory(path + "/history");
  if (!history) return Fail(std::move(history.error().message));
  folder.history = *std::move(history);
  folder.facts = FactsOf(json, path);
  folder.signature = TextOf(json, "signature");
  if (std::string engine = TextOf(json, "regression_fails_on"); !engine.empty()) {
    folder.script = {path + "/regression.wast", std::move(engine)};
  }
  if (const auto cause = json.find("cause"); cause != json.end()) {
    auto key = cause::ReadKey(*cause);
    if (!key) return Fail(fmt::format("{}: {}", file, key.error()));
    folder.cause = *std::move(key);
  }
  return folder;
}

}  // namespace slabhound::cli
