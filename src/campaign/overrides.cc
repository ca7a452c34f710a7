#include "campaign/overrides.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "campaign/finding_json.h"

namespace slabhound::campaign {
namespace {

constexpr const char *kMerge = "merge", *kSplit = "split", *kLabel = "label";

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

Result<std::vector<ledger::Said>, FileError> ReadOverridesFile(const std::string& folder) {
  const std::string file = FileOf(folder);
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return std::vector<ledger::Said>();
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
  // In this order nothing undoes another.
  std::vector<ledger::Said> said;
  for (const Json& each : split) said.push_back(Split(0, each.get<std::string>()));
  for (const Json& pair : merged) {
    said.push_back(Merge(1, pair[0].get<std::string>(), pair[1].get<std::string>()));
  }
  for (const auto& [symptom, text] : labels.items()) {
    said.push_back(Label(0, symptom, text.get<std::string>()));
  }
  return said;
}

void RemoveOverridesFile(const std::string& folder) { unlink(FileOf(folder).c_str()); }

ledger::Said Merge(int64_t at_ms, const std::string& a, const std::string& b) {
  const auto [first, second] = std::minmax(a, b);
  return {at_ms, kMerge, first, second, {}};
}

ledger::Said Split(int64_t at_ms, const std::string& symptom) {
  return {at_ms, kSplit, symptom, {}, {}};
}

ledger::Said Label(int64_t at_ms, const std::string& symptom, const std::string& text) {
  return {at_ms, kLabel, symptom, {}, text};
}

std::vector<ledger::Said> LabelOf(int64_t at_ms, const cause::Bug& bug, const std::string& text) {
  std::vector<ledger::Said> said;
  for (const cause::Member& member : bug.members) {
    const bool stands_for_it = member.slug == bug.representative;
    said.push_back(Label(at_ms, member.slug, stands_for_it ? text : std::string()));
  }
  return said;
}

cause::Overrides OverridesOf(std::span<const ledger::Said> said) {
  cause::Overrides overrides;
  for (const ledger::Said& each : said) {
    if (each.verb == kMerge) {
      const std::pair pair(each.slug, each.other);
      if (std::ranges::find(overrides.merged, pair) == overrides.merged.end()) {
        overrides.merged.push_back(pair);
      }
    } else if (each.verb == kSplit) {
      std::erase_if(overrides.merged, [&each](const auto& pair) {
        return pair.first == each.slug || pair.second == each.slug;
      });
      if (std::ranges::find(overrides.split, each.slug) == overrides.split.end()) {
        overrides.split.push_back(each.slug);
      }
    } else if (each.verb == kLabel) {
      std::erase_if(overrides.labels,
                    [&each](const auto& label) { return label.first == each.slug; });
      if (!each.text.empty()) overrides.labels.emplace_back(each.slug, each.text);
    }
  }
  return overrides;
}

}  // namespace slabhound::campaign
