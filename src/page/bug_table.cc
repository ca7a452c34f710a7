#include "page/bug_table.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <tuple>

#include "campaign/layout.h"

namespace slabhound::page {
namespace {

using campaign::Json;

constexpr size_t kBugJsonBytesMax = 1u << 20;

std::string TextOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json ReadBugJson(const std::string& path) {
  const auto content = ReadFile(path + "/bug.json", kBugJsonBytesMax);
  if (!content) return {};
  Json json = Json::parse(content->begin(), content->end(), nullptr, false);
  return json.is_object() ? json : Json();
}

// Why each symptom is of the bug, by slug.
std::map<std::string, std::string> ReasonsOf(const Json& bug) {
  std::map<std::string, std::string> reasons;
  if (!bug.is_object()) return reasons;
  const auto symptoms = bug.find("symptoms");
  if (symptoms == bug.end() || !symptoms->is_array()) return reasons;
  for (const Json& each : *symptoms) {
    if (each.is_object()) reasons.emplace(TextOf(each, "slug"), TextOf(each, "merged"));
  }
  return reasons;
}

cause::Severity SeverityOf(const campaign::Record& record) {
  return record.cause ? record.cause->severity : cause::SeverityOf(record.signature);
}

bool IsLink(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_symlink(path, ignored);
}

}  // namespace

BugTable::Stamp BugTable::StampOf(const std::string& path) {
  struct stat status{};
  if (lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  return {status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec, status.st_ino};
}

bool BugTable::Read(const std::string& slug, const std::string& path) {
  const Stamp stamp = StampOf(path + "/finding.json"), bug_stamp = StampOf(path + "/bug.json");
  Told& told = told_[slug];
  const bool is_new = told.stamp != stamp, is_new_bug = told.bug_stamp != bug_stamp;
  if (is_new) {
    told.record = stamp == Stamp() ? std::nullopt : campaign::ReadRecord(path, slug);
  }
  if (is_new_bug) told.bug = bug_stamp == Stamp() ? Json() : ReadBugJson(path);
  told.stamp = stamp;
  told.bug_stamp = bug_stamp;
  return is_new || is_new_bug;
}

Result<bool, FileError> BugTable::Refresh() {
  TRY_ASSIGN(const campaign::Places places, campaign::FindPlaces(folder_));
  std::map<std::string, std::string> paths;
  std::map<std::string, std::vector<std::string>> members;
  bool is_other = false;
  for (const auto& [slug, bug] : places) {
    const std::string path = campaign::PathOf(folder_, slug, bug);
    if (IsLink(path) || (!bug.empty() && IsLink(campaign::PathOf(folder_, bug, "")))) continue;
    is_other |= Read(slug, path);
    if (!told_.at(slug).record) continue;
    paths.emplace(slug, path);
    members[bug.empty() ? slug : bug];
    if (!bug.empty()) members[bug].push_back(slug);
  }
  std::erase_if(told_, [&](const auto& each) { return !places.contains(each.first); });
  is_other |= paths != places_;
  places_ = paths;
  if (!is_other) return false;
  bugs_.clear();
  for (const auto& [slug, others] : members) {
    if (paths.contains(slug) || !others.empty()) bugs_.push_back(RowOf(slug, others, paths));
  }
  std::ranges::sort(bugs_, [](const BugRow& a, const BugRow& b) {
    return std::tuple(a.kind != "finding", a.severity, b.count, std::string_view(a.slug)) <
           std::tuple(b.kind != "finding", b.severity, a.count, std::string_view(b.slug));
  });
  return true;
}

BugRow BugTable::RowOf(const std::string& slug, const std::vector<std::string>& others,
                       const std::map<std::string, std::string>& paths) const {
  const auto own = told_.find(slug);
  const Json none;
  const Json& told = own == told_.end() ? none : own->second.bug;
  const std::map<std::string, std::string> reasons = ReasonsOf(told);
  std::vector<std::string> slugs;
  if (paths.contains(slug)) slugs.push_back(slug);
  slugs.insert(slugs.end(), others.begin(), others.end());
  BugRow row;
  row.slug = slugs.front();
  if (told.is_object()) row.label = TextOf(told, "label");
  row.severity = cause::Severity::Refusal;
  for (const std::string& each : slugs) {
    const campaign::Record& record = *told_.at(each).record;
    const auto reason = reasons.find(each);
    row.severity = std::min(row.severity, SeverityOf(record));
    row.count += record.count;
    row.symptoms.push_back(
        {each, paths.at(each), record, reason == reasons.end() ? "" : reason->second});
  }
  row.kind = row.best().record.kind;
  return row;
}

const BugRow* BugTable::Find(const std::string& slug) const {
  for (const BugRow& bug : bugs_) {
    if (std::ranges::find(bug.symptoms, slug, &Symptom::slug) != bug.symptoms.end()) return &bug;
  }
  return nullptr;
}

}  // namespace slabhound::page
