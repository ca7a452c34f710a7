#include "cli/regress_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace slabhound::cli {
namespace {

// Releases by their number, where that is enough to know them.
std::vector<std::string> Headings(const std::vector<engine::EngineSpec>& engines) {
  std::vector<std::string> headings;
  for (const engine::EngineSpec& engine : engines) {
    std::string text = engine::EngineText(engine);
    const bool one_kind = std::ranges::all_of(engines, [&](const engine::EngineSpec& other) {
      return other.version.empty() || other.kind == engine.kind;
    });
    if (one_kind && !engine.version.empty()) text.erase(0, text.find('@'));
    headings.push_back(std::move(text));
  }
  return headings;
}

// What stands below the table, each text once.
class Notes {
 public:
  size_t NumberOf(const std::string& text) {
    const auto found = std::ranges::find(texts_, text);
    if (found != texts_.end()) return static_cast<size_t>(found - texts_.begin()) + 1;
    texts_.push_back(text);
    return texts_.size();
  }
  std::string Text() const {
    std::string text;
    for (size_t i = 0; i < texts_.size(); ++i) text += fmt::format("{:>3}  {}\n", i + 1, texts_[i]);
    return text;
  }

 private:
  std::vector<std::string> texts_;
};

std::string CellText(const RegressCell& cell, Notes& notes) {
  switch (cell.outcome) {
    case RegressOutcome::Passes:
      return "pass";
    case RegressOutcome::Fails:
      return fmt::format("FAIL {}", notes.NumberOf(cell.text));
    case RegressOutcome::RanOut:
      return fmt::format("out {}", notes.NumberOf(cell.text));
    case RegressOutcome::NotAble:
      return fmt::format("- {}", notes.NumberOf(cell.text));
  }
  return {};
}

std::string_view Verb(RegressOutcome outcome) {
  switch (outcome) {
    case RegressOutcome::Passes:
      return "passes";
    case RegressOutcome::Fails:
      return "fails";
    case RegressOutcome::RanOut:
      return "is cut short";
    case RegressOutcome::NotAble:
      return "cannot run it";
  }
  return {};
}

}  // namespace

std::string RegressTableText(const std::vector<engine::EngineSpec>& engines,
                             const std::vector<RegressRow>& rows) {
  const std::vector<std::string> headings = Headings(engines);
  size_t name_width = 4;
  for (const RegressRow& row : rows) name_width = std::max(name_width, row.name.size());
  Notes notes;
  std::string text = fmt::format("{:<{}}", "case", name_width);
  for (const std::string& heading : headings) text += fmt::format("  {:>7}", heading);
  text += '\n';
  for (const RegressRow& row : rows) {
    text += fmt::format("{:<{}}", row.name, name_width);
    for (size_t i = 0; i < headings.size(); ++i) {
      text += fmt::format("  {:>{}}", CellText(row.cells[i], notes),
                          std::max<size_t>(7, headings[i].size()));
    }
    text += '\n';
  }
  return text + notes.Text();
}

std::vector<std::string> RegressSurprises(const std::vector<engine::EngineSpec>& engines,
                                          const RegressRow& row) {
  std::vector<std::string> surprises;
  for (size_t i = 0; i < engines.size(); ++i) {
    const RegressCell& cell = row.cells[i];
    const bool recorded = row.record && engine::EngineName(engines[i]) == row.record->engine;
    std::string release = engines[i].version;
    if (release.empty()) release = cell.release.substr(cell.release.rfind(' ') + 1);
    const auto lists = [&](const std::vector<std::string>& releases) {
      return recorded && std::ranges::count(releases, release) != 0;
    };
    const bool must_fail = recorded && lists(row.record->fails);
    const bool must_pass = recorded && lists(row.record->passes);
    if (must_fail ? cell.outcome == RegressOutcome::Fails
                  : cell.outcome == RegressOutcome::Passes ||
                        (!must_pass && cell.outcome != RegressOutcome::Fails)) {
      continue;
    }
    const std::string_view expected = must_fail   ? ", and is recorded to fail"
                                      : must_pass ? ", and is recorded to pass"
                                                  : "";
    surprises.push_back(fmt::format("{}: {} {}{}{}{}", row.name, engine::EngineText(engines[i]),
                                    Verb(cell.outcome), expected, cell.text.empty() ? "" : ": ",
                                    cell.text));
  }
  return surprises;
}

}  // namespace slabhound::cli
