// Flags for the budgets of a run (testcase/budgets.h), the same for every subcommand that runs
// cases.
//
// 1. A flag goes before what the case says; what neither says is the command's default.
// 2. --fuel without --fuel-total gives all calls together at least ten times as much.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <vector>

#include "testcase/testcase.h"

namespace slabhound::cli {

struct BudgetFlags {
  std::vector<std::optional<uint64_t>> values = {};  // in the order of budgets.def
};

// `defaults` are told by --help.
void AddBudgetFlags(CLI::App& parser, BudgetFlags& flags, const testcase::Budgets& defaults);

testcase::Budgets BudgetsOf(const BudgetFlags& flags, const testcase::Budgets& otherwise);

// Gives the case its budgets: those of the flags, of itself, or a person's.
void SetBudgets(const BudgetFlags& flags, testcase::Plan& plan);

}  // namespace slabhound::cli
