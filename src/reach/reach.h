// Reach: in how many cases each cell was had in each state, summed over cases.
//
// 1. Sums do not depend on the order of cases, nor on who counted them: Add of two is the sum.
// 2. What no cell or state is, a dead job's garbage say, counts for nothing.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reach/cell.h"
#include "reach/survey.h"

namespace slabhound::reach {

class Reach {
 public:
  void Count(const Reached& reached);
  // For totals that were kept elsewhere.
  void Add(const Cell& cell, State state, uint64_t cases);
  void Add(const Reach& other);

  uint64_t CasesOf(const Cell& cell, State state) const;
  bool empty() const { return counts_.empty(); }

  // Calls visit(cell, state, cases) with each that is not zero, by cell and state.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const auto& [cell, counts] : counts_) {
      for (size_t state = 0; state < kStateCount; ++state) {
        if (counts[state] > 0) visit(cell, static_cast<State>(state), counts[state]);
      }
    }
  }

  // Cells that could be had in the state, and were not.
  std::vector<Cell> Missing(State state) const;

  friend bool operator==(const Reach&, const Reach&) = default;

 private:
  std::map<Cell, std::array<uint64_t, kStateCount>> counts_;
};

// A table of instructions and states, each "cells met/cells that may be", and what was never met.
std::string ReachText(const Reach& reach);
// {"one_case_in": N, "states": [{"name", "when"}, …], "cells": [{"instruction", "type", "cases":
// {STATE: N, …}}, …]}: every cell that may be, with the states that it may be had in.
std::string ReachJson(const Reach& reach);

}  // namespace slabhound::reach
