// Budgets: what one run of a test case may use. They are the user's: a case may carry its own, in
// its plan; a flag goes before that, and without either a command has its default (budgets.def).
//
// A budget is counted alike by every engine (machine/machine.h F1 to F6), but for heap_bytes_max,
// which is each engine's own affair.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace slabhound::testcase {

// By default a person's.
struct Budgets {
#define SLABHOUND_BUDGET(field, word, generated, person, ...) uint64_t field = person;
#include "testcase/budgets.def"
  friend bool operator==(const Budgets&, const Budgets&) = default;
};

inline constexpr Budgets kPersonBudgets = {};
inline constexpr Budgets kGeneratedBudgets = {
#define SLABHOUND_BUDGET(field, word, generated, ...) .field = generated,
#include "testcase/budgets.def"
};

struct BudgetInfo {
  std::string_view word;
  uint64_t Budgets::* field = nullptr;
  uint64_t min = 0, max = 0;
  std::string_view counts;  // for people
};
std::span<const BudgetInfo> AllBudgets();

}  // namespace slabhound::testcase
