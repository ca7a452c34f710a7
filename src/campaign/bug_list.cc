#include "campaign/bug_list.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "campaign/finding_format.h"
#include "campaign/overrides.h"
#include "ledger/cases.h"

namespace slabhound::campaign {
namespace {

bool HasMember(const cause::Bug& bug, const std::string& slug) {
  return std::ranges::find(bug.members, slug, &cause::Member::slug) != bug.members.end();
}

// Moves symptoms that another explains into the bug of that one.
void TakeExplained(const std::map<std::string, Record>& symptoms, std::vector<cause::Bug>& bugs) {
  for (const auto& [slug, record] : symptoms) {
    if (record.explained_by.empty() || record.minimized) continue;
    const auto own = std::ranges::find(bugs, slug, &cause::Bug::representative);
    const auto other = std::ranges::find_if(bugs, [&](const cause::Bug& bug) {
      return bug.representative != slug && bug.minimized && HasMember(bug, record.explained_by);
    });
    if (own == bugs.end() || own->members.size() != 1 || other == bugs.end()) continue;
    // A store that was merged of others may have it beside cases of the same symptom.
    const bool is_same = symptoms.at(record.explained_by).signature == record.signature;
    other->members.push_back(
        {slug, is_same ? "not minimized, and of the same symptom as " + record.explained_by
                       : "passes without what " + record.explained_by + " needs"});
    other->count += own->count;
    bugs.erase(own);
  }
}

Json BugJson(const BugList& list, const cause::Bug& bug) {
  Json members = Json::array();
  for (const cause::Member& member : bug.members) {
    const Record& record = list.symptoms.at(member.slug);
    Json each = {{"slug", member.slug},
                 {"signature", record.signature_text},
                 {"count", record.count},
                 {"bytes", record.module_bytes}};
    if (!member.why.empty()) each["merged"] = member.why;
    members.push_back(std::move(each));
  }
  Json json = {{"format", kFindingFormat},
               {"severity", cause::SeverityName(bug.severity)},
               {"count", bug.count},
               {"symptoms", std::move(members)}};
  if (!bug.label.empty()) json["label"] = bug.label;
  return json;
}

// Writes what is not there already.
Result<void, FileError> WriteIfOther(const std::string& path, const std::string& text) {
  constexpr size_t kBytesMax = 16u << 20;
  const auto there = ReadFile(path, kBytesMax);
  if (there && AsText(*there) == text) return {};
  return WriteFile(path, AsBytes(text));
}

}  // namespace

void BugList::FindBugs() {
  std::vector<cause::Symptom> found;
  for (const auto& [slug, record] : symptoms) {
    if (record.kind != "finding") continue;
    found.push_back({slug, record.signature, record.cause, record.count, record.module_bytes});
  }
  bugs = cause::BugsOf(found, OverridesOf(said));
  TakeExplained(symptoms, bugs);
  std::vector<cause::Bug> came_back, others;
  for (cause::Bug& bug : bugs) (CameBack(bug) ? came_back : others).push_back(std::move(bug));
  bugs = std::move(came_back);
  std::ranges::move(others, std::back_inserter(bugs));
}

bool BugList::CameBack(const cause::Bug& bug) const {
  std::map<std::string, std::string_view> last;  // by engine: rows are in the order of time
  for (const ledger::BuildRow& row : builds) {
    if (HasMember(bug, row.slug)) last[row.engine] = row.outcome;
  }
  return std::ranges::any_of(last, [](const auto& each) { return each.second == kCameBack; });
}

const cause::Bug* BugList::BugOf(const std::string& slug) const {
  for (const cause::Bug& bug : bugs) {
    if (HasMember(bug, slug)) return &bug;
  }
  return nullptr;
}

Result<BugList, FileError> ReadBugList(const std::string& folder) {
  BugList list;
  TRY_ASSIGN(list.places, FindPlaces(folder));
  ledger::Cases cases;
  if (ledger::Database::IsIn(folder)) {
    TRY_ASSIGN(const ledger::Database database,
               ledger::Database::Open(folder, ledger::Access::Read));
    TRY_ASSIGN(list.said, ledger::ReadSaid(database));
    TRY_ASSIGN(list.builds, ledger::ReadBuilds(database));
    TRY_ASSIGN(cases, ledger::ReadCases(database));
  } else {
    TRY_ASSIGN(list.said, ReadOverridesFile(folder));
  }
  for (const auto& [slug, bug] : list.places) {
    if (auto record = ReadRecord(PathOf(folder, slug, bug), slug)) {
      if (const auto counted = cases.find(slug); counted != cases.end()) {
        record->count = counted->second;
      }
      list.symptoms.emplace(slug, *std::move(record));
    }
  }
  list.FindBugs();
  return list;
}

std::vector<ledger::BugRow> RowsOf(const BugList& list) {
  std::vector<ledger::BugRow> rows;
  for (const cause::Bug& bug : list.bugs) {
    ledger::BugRow row{
        bug.representative, std::string(cause::SeverityName(bug.severity)), bug.label, {}};
    for (const cause::Member& member : bug.members) {
      const Record& record = list.symptoms.at(member.slug);
      ledger::MemberRow each{
          member.slug,       member.why,       record.signature_text, record.suspect,
          record.reproduced, record.minimized, record.module_bytes,   {}};
      if (record.cause) {
        for (const cause::Variant& variant : record.cause->variants) {
          each.variants.emplace_back(variant.engine, cause::CellName(variant.cell));
        }
      }
      row.members.push_back(std::move(each));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<void, FileError> ArrangeBugs(const std::string& folder, BugList& list) {
  Places wanted;
  for (const auto& [slug, record] : list.symptoms) {
    const cause::Bug* bug = list.BugOf(slug);
    wanted[slug] = bug == nullptr || bug->representative == slug ? "" : bug->representative;
  }
  TRY(Arrange(folder, wanted));
  TRY_ASSIGN(list.places, FindPlaces(folder));
  for (const auto& [slug, record] : list.symptoms) {
    const auto place = list.places.find(slug);
    if (place == list.places.end()) continue;  // somebody took it away
    const std::string path = PathOf(folder, slug, place->second);
    if (!place->second.empty()) unlink((path + "/bug.json").c_str());
    Json json = ReadJson(path);
    if (json.is_discarded()) continue;
    if (!ReproduceIn(path, json)) continue;
    TRY(WriteFile(path + "/finding.json", AsBytes(JsonText(json))));
  }
  for (const cause::Bug& bug : list.bugs) {
    const auto place = list.places.find(bug.representative);
    if (place == list.places.end()) continue;
    const std::string path = PathOf(folder, bug.representative, place->second);
    TRY(WriteIfOther(path + "/bug.json", JsonText(BugJson(list, bug))));
  }
  return {};
}

}  // namespace slabhound::campaign
