#include "cli/variant_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "diff/releases.h"

namespace slabhound::cli {
namespace {

using cause::Cell;
using engine::EngineSpec;

constexpr std::array kCells = {Cell::Fail, Cell::Pass, Cell::NotAble};
constexpr std::array<std::string_view, 3> kWords = {"FAIL", "pass", "not able"};

// Names of variants by cell.
class Row {
 public:
  void Add(Cell cell, std::string name) {
    const auto at = static_cast<size_t>(std::ranges::find(kCells, cell) - kCells.begin());
    (names_[at] += " ") += name;
  }
  std::string Text() const {
    std::string text;
    for (size_t i = 0; i < kCells.size(); ++i) {
      if (names_[i].empty()) continue;
      if (!text.empty()) text += ", ";
      (text += kWords[i]) += names_[i];
    }
    return text;
  }

 private:
  std::array<std::string, kCells.size()> names_;
};

std::string OptionsOf(std::string_view text) {
  const size_t colon = text.find(':');
  return std::string(colon == std::string_view::npos ? "" : text.substr(colon + 1));
}

// The options of a variant that the suspect does not have.
std::string OptionsBeside(const std::string& variant, const std::string& suspect) {
  const std::string own = "," + OptionsOf(suspect) + ",";
  const std::string options = OptionsOf(variant);
  std::string beside;
  for (size_t begin = 0; begin < options.size();) {
    const size_t end = std::min(options.find(',', begin), options.size());
    const std::string option = options.substr(begin, end - begin);
    if (!own.contains("," + option + ",")) (beside += beside.empty() ? "" : ",") += option;
    begin = end + 1;
  }
  return beside.empty() ? "as found" : beside;
}

// Variants that are the suspect in its own and in other releases, oldest first.
std::vector<std::pair<EngineSpec, Cell>> ReleasesOf(const cause::VariantVector& variants,
                                                    const EngineSpec& suspect) {
  std::vector<EngineSpec> specs;
  std::vector<std::pair<EngineSpec, Cell>> releases;
  for (const cause::Variant& variant : variants) {
    const auto spec = engine::ParseEngine(variant.engine);
    if (!spec || spec->kind != suspect.kind || spec->version.empty()) continue;
    EngineSpec same = *spec;
    same.version = suspect.version;
    if (same != suspect) continue;
    specs.push_back(*spec);
    releases.emplace_back(*spec, variant.cell);
  }
  diff::SortByRelease(specs);
  std::ranges::sort(releases, {}, [&](const auto& release) {
    return std::ranges::find(specs, release.first) - specs.begin();
  });
  return releases;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> VariantText(const cause::VariantVector& variants,
                                                             const EngineSpec& suspect) {
  Row releases, options, schedules;
  const std::string own = engine::EngineText(suspect);
  EngineSpec named = suspect;  // as cells are (cause/variants.h, 4)
  named.form = {};
  for (const cause::Variant& variant : variants) {
    const auto spec = engine::ParseEngine(variant.engine);
    if (!spec || spec->kind != suspect.kind) continue;
    const bool is_release =
        !spec->version.empty() && (spec->version != suspect.version || *spec == named);
    if (spec->kind == engine::EngineKind::Slab) {
      schedules.Add(variant.cell, OptionsOf(variant.engine));
    } else if (!is_release) {
      options.Add(variant.cell, OptionsBeside(variant.engine, own));
    }
  }
  for (const auto& [spec, cell] : ReleasesOf(variants, named)) releases.Add(cell, spec.version);
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& [word, row] : {std::pair("releases", &releases), std::pair("options", &options),
                                  std::pair("schedules", &schedules)}) {
    std::string text = row->Text();
    if (!text.empty()) rows.emplace_back(word, std::move(text));
  }
  return rows;
}

std::string SinceText(const cause::VariantVector& variants, const EngineSpec& suspect) {
  EngineSpec named = suspect;  // as cells are (cause/variants.h, 4)
  named.form = {};
  const auto releases = ReleasesOf(variants, named);
  const auto own = std::ranges::find(releases, named, &std::pair<EngineSpec, Cell>::first);
  if (own == releases.end() || releases.size() < 2) return {};
  auto first = own, last = own, at = own;
  while (at != releases.begin() && (--at)->second != Cell::Pass) {
    if (at->second == Cell::Fail) first = at;
  }
  const bool has_before = at->second == Cell::Pass && at < own;
  std::string text = "since " + first->first.version;
  text += has_before ? fmt::format(" ({} passes)", at->first.version) : " or before";
  for (at = std::next(own); at != releases.end() && at->second != Cell::Pass; ++at) {
    if (at->second == Cell::Fail) last = at;
  }
  if (at == releases.end()) return text + ", to this day";
  text += fmt::format(", until {} ({} passes)", last->first.version, at->first.version);
  for (; at != releases.end(); ++at) {
    if (at->second == Cell::Fail) text += ", again on " + at->first.version;
  }
  return text;
}

}  // namespace slabhound::cli
