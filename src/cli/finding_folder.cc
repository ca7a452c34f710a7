#include "cli/finding_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "campaign/finding_format.h"
#include "campaign/history_files.h"

namespace slabhound::cli {

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
  const auto json = nlohmann::json::parse(AsText(*content), nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && campaign::FormatOf(json) > campaign::kFindingFormat) {
    return Fail(fmt::format("{}: of a later format than {}; a newer slabhound reads it", file,
                            campaign::kFindingFormat));
  }
  const auto is_text = [](const nlohmann::json& each) { return each.is_string(); };
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
  return folder;
}

}  // namespace slabhound::cli
