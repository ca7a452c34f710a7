#include "reach/reach.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace slabhound::reach {
namespace {

template <typename Visit>
void ForEachState(Visit visit) {
  for (size_t state = 0; state < kStateCount; ++state) visit(static_cast<State>(state));
}

// With each cell that may be had in some state.
template <typename Visit>
void ForEachCell(Visit visit) {
  for (uint32_t i = 0; i < kCellCount; ++i) {
    if (const Cell cell = CellAt(i); MayHold(cell, State::Generated)) visit(cell);
  }
}

// "array.copy: array of f64, array of v128", in lines of at most 100 columns.
std::string ListText(const std::vector<Cell>& cells) {
  std::map<Instruction, std::vector<std::string>> types;
  for (const Cell& cell : cells) types[cell.instruction].push_back(TypeName(cell));
  std::string text;
  for (const auto& [instruction, names] : types) {
    constexpr size_t kColumnsMax = 100;
    std::string line = "  " + InstructionName(instruction) + ":";
    for (const std::string& name : names) {
      if (line.size() + name.size() + 2 > kColumnsMax) {
        text += line + "\n";
        line = "     ";
      }
      line += " " + name + (&name == &names.back() ? "" : ",");
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace

void Reach::Count(const Reached& reached) {
  for (const uint64_t each : reached) {
    const uint64_t index = each >> kStateBits;
    if (index >= kCellCount) continue;
    const Cell cell = CellAt(static_cast<uint32_t>(index));
    ForEachState([&](State state) {
      if ((each >> static_cast<unsigned>(state) & 1) != 0) Add(cell, state, 1);
    });
  }
}

void Reach::Add(const Cell& cell, State state, uint64_t cases) {
  if (cases > 0 && MayHold(cell, state)) counts_[cell][static_cast<size_t>(state)] += cases;
}

void Reach::Add(const Reach& other) {
  other.ForEach([this](const Cell& cell, State state, uint64_t cases) { Add(cell, state, cases); });
}

uint64_t Reach::CasesOf(const Cell& cell, State state) const {
  const auto found = counts_.find(cell);
  return found == counts_.end() ? 0 : found->second[static_cast<size_t>(state)];
}

std::vector<Cell> Reach::Missing(State state) const {
  std::vector<Cell> missing;
  ForEachCell([&](const Cell& cell) {
    if (MayHold(cell, state) && CasesOf(cell, state) == 0) missing.push_back(cell);
  });
  return missing;
}

std::string ReachText(const Reach& reach) {
  struct Share {
    size_t met = 0, all = 0;
  };
  std::map<Instruction, std::array<Share, kStateCount>> shares;
  ForEachCell([&](const Cell& cell) {
    ForEachState([&](State state) {
      if (!MayHold(cell, state)) return;
      Share& share = shares[cell.instruction][static_cast<size_t>(state)];
      share.met += reach.CasesOf(cell, state) > 0;
      ++share.all;
    });
  });
  std::string text = fmt::format(
      "Types that each instruction was met with, of those that it may have; one case in {} was "
      "looked at.\n{:<22}",
      kOneCaseIn, "");
  ForEachState([&](State state) { text += fmt::format(" {:>10}", StateName(state)); });
  text += "\n";
  for (const auto& [instruction, row] : shares) {
    text += fmt::format("{:<22}", InstructionName(instruction));
    for (const Share& share : row) {
      text += fmt::format(" {:>10}", fmt::format("{}/{}", share.met, share.all));
    }
    text += "\n";
  }
  ForEachState(
      [&](State state) { text += fmt::format("{}: {}\n", StateName(state), StateText(state)); });
  text += "Never generated:\n" + ListText(reach.Missing(State::Generated));
  std::vector<Cell> never_run = reach.Missing(State::Ran);
  std::erase_if(never_run,
                [&](const Cell& cell) { return reach.CasesOf(cell, State::Generated) == 0; });
  text += "Generated, and never run:\n" + ListText(never_run);
  return text;
}

std::string ReachJson(const Reach& reach) {
  using Json = nlohmann::ordered_json;
  Json states = Json::array(), cells = Json::array();
  ForEachState([&](State state) {
    states.push_back({{"name", StateName(state)}, {"when", StateText(state)}});
  });
  ForEachCell([&](const Cell& cell) {
    // Those that it may have: what is missing here cannot be.
    Json cases = Json::object();
    ForEachState([&](State state) {
      if (MayHold(cell, state)) cases[std::string(StateName(state))] = reach.CasesOf(cell, state);
    });
    cells.push_back({{"instruction", InstructionName(cell.instruction)},
                     {"type", TypeName(cell)},
                     {"cases", std::move(cases)}});
  });
  return Json{{"one_case_in", kOneCaseIn}, {"states", states}, {"cells", cells}}.dump() + "\n";
}

}  // namespace slabhound::reach
