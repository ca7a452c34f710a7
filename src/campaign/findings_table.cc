#include "campaign/findings_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "campaign/retrials.h"
#include "diff/releases.h"
#include "engine/spec.h"

namespace slabhound::campaign {
namespace {

constexpr size_t kColumns = 8;
using Row = std::array<std::string, kColumns>;

Row RowOf(const std::string& folder, const BugList& list, const cause::Bug& bug) {
  const Record& record = list.symptoms.at(bug.representative);
  const auto place = list.places.find(bug.representative);
  const std::string below = place == list.places.end() ? std::string() : place->second;
  std::string releases = FailingReleasesText(record);
  return {std::string(cause::SeverityName(bug.severity)),
          std::to_string(bug.count),
          std::to_string(bug.members.size()),
          fmt::format("{}{}", record.module_bytes, record.minimized ? "" : " raw"),
          releases.empty() ? "-" : std::move(releases),
          record.reproduced.empty() ? "-" : record.reproduced,
          record.script ? "yes" : "no",
          PathOf(folder, bug.representative, below)};
}

std::string SymptomText(const BugList& list, const cause::Member& member) {
  const Record& record = list.symptoms.at(member.slug);
  return fmt::format("    {} cases, {} bytes: {} ({})\n", record.count, record.module_bytes,
                     record.signature_text, member.why.empty() ? "stands for it" : member.why);
}

}  // namespace

std::string FailingReleasesText(const Record& record) {
  if (!record.releases.empty()) return record.releases;
  auto suspect = engine::ParseEngine(record.suspect);
  if (!suspect || !record.cause || suspect->version.empty()) return {};
  suspect->form = {};  // as cells are named (cause/variants.h, 4)
  std::vector<engine::EngineSpec> releases;
  std::map<std::string, cause::Cell> cells;  // by version
  for (const cause::Variant& variant : record.cause->variants) {
    auto spec = engine::ParseEngine(variant.engine);
    if (!spec) continue;
    const std::string version = std::exchange(spec->version, suspect->version);
    if (*spec != *suspect || variant.cell == cause::Cell::NotAble) continue;
    spec->version = version;
    if (cells.emplace(version, variant.cell).second) releases.push_back(*std::move(spec));
  }
  diff::SortByRelease(releases);
  const auto own = static_cast<size_t>(std::ranges::find(releases, *suspect) - releases.begin());
  if (own == releases.size() || releases.size() < 2) return {};
  const auto fails = [&](size_t at) { return cells.at(releases[at].version) == cause::Cell::Fail; };
  size_t first = own, last = own;
  while (first > 0 && fails(first - 1)) --first;
  while (last + 1 < releases.size() && fails(last + 1)) ++last;
  return diff::RangeText({releases[first].version, releases[last].version});
}

std::string FindingsTable(const std::string& folder, const BugList& list, bool verbose) {
  std::vector<Row> rows = {
      {"severity", "cases", "symptoms", "bytes", "releases", "reproduced", "script", "folder"}};
  for (const cause::Bug& bug : list.bugs) rows.push_back(RowOf(folder, list, bug));
  std::array<size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t j = 0; j + 1 < kColumns; ++j) {
      const bool is_number = j == 1 || j == 2;
      text += is_number ? fmt::format("{:>{}}  ", rows[i][j], widths[j])
                        : fmt::format("{:<{}}  ", rows[i][j], widths[j]);
    }
    text += rows[i].back() + '\n';
    if (i == 0) continue;
    const cause::Bug& bug = list.bugs[i - 1];
    if (!bug.label.empty()) text += fmt::format("    label: {}\n", bug.label);
    if (list.CameBack(bug)) text += "    CAME BACK: it was fixed\n";
    text += BuildsText(bug, list.builds);
    for (size_t j = 0; verbose && j < bug.members.size(); ++j) {
      text += SymptomText(list, bug.members[j]);
    }
  }
  return text;
}

}  // namespace slabhound::campaign
