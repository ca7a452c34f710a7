#include "campaign/overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "campaign/finding_json.h"

namespace slabhound::campaign {
namespace {

constexpr size_t kBytesMax = 1u << 20;

std::string FileOf(const std::string& folder) { return folder + "/overrides.json"; }

bool IsText(const Json& json) { return json.is_string(); }
bool IsPair(const Json& json) {
  return json.is_array() && json.size() == 2 && std::ranges::all_of(json, IsText);
}

// The member of that name, or an empty one of that type.
Json Member(const Json& json, const char* name, Json::value_t type) {
  const auto found = json.find(name);
  return found == json.end() ? Json(type) : *found;
}

}  // namespace

Result<cause::Overrides, FileError> ReadOverrides(const std::string& folder) {
  const std::string file = FileOf(folder);
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return cause::Overrides();
  const auto wrong = [&file](std::string_view what) {
    return Fail(FileError{fmt::format("{}: {}; mend it or take it away", file, what)});
  };
  TRY_ASSIGN(const Bytes content, ReadFile(file, kBytesMax));
  const Json json = Json::parse(content.begin(), content.end(), nullptr, false);
  if (!json.is_object()) return wrong("no JSON object");
  const Json merged = Member(json, "merged", Json::value_t::array);
  const Json split = Member(json, "split", Json::value_t::array);
  const Json labels = Member(json, "labels", Json::value_t::object);
  if (!merged.is_array() || !std::ranges::all_of(merged, IsPair)) {
    return wrong("`merged` is no list of pairs of texts");
  }
  if (!split.is_array() || !std::ranges::all_of(split, IsText)) {
    return wrong("`split` is no list of texts");
  }
  if (!labels.is_object() || !std::ranges::all_of(labels, IsText)) {
    return wrong("`labels` is no object of texts");
  }
  cause::Overrides overrides;
  for (const Json& pair : merged) {
    overrides.merged.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
  }
  for (const Json& each : split) overrides.split.push_back(each.get<std::string>());
  for (const auto& [symptom, text] : labels.items()) {
    overrides.labels.emplace_back(symptom, text.get<std::string>());
  }
  return overrides;
}

Result<void, FileError> WriteOverrides(const std::string& folder,
                                       const cause::Overrides& overrides) {
  Json merged = Json::array(), split = Json::array(), labels = Json::object();
  for (const auto& [a, b] : overrides.merged) merged.push_back({a, b});
  for (const std::string& each : overrides.split) split.push_back(each);
  for (const auto& [symptom, text] : overrides.labels) labels[symptom] = text;
  const Json json = {{"merged", merged}, {"split", split}, {"labels", labels}};
  return WriteFile(FileOf(folder), AsBytes(JsonText(json)));
}

void Merge(cause::Overrides& overrides, const std::string& a, const std::string& b) {
  const auto pair = std::minmax(a, b);
  const std::pair<std::string, std::string> merged(pair.first, pair.second);
  if (std::ranges::find(overrides.merged, merged) == overrides.merged.end()) {
    overrides.merged.push_back(merged);
  }
}

void Split(cause::Overrides& overrides, const std::string& symptom) {
  std::erase_if(overrides.merged, [&symptom](const auto& pair) {
    return pair.first == symptom || pair.second == symptom;
  });
  if (std::ranges::find(overrides.split, symptom) == overrides.split.end()) {
    overrides.split.push_back(symptom);
  }
}

void Label(cause::Overrides& overrides, const std::string& symptom, const std::string& text) {
  std::erase_if(overrides.labels, [&symptom](const auto& label) { return label.first == symptom; });
  if (!text.empty()) overrides.labels.emplace_back(symptom, text);
}

}  // namespace slabhound::campaign
