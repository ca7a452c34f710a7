#include "testcase/budgets.h"

#include <array>

namespace slabhound::testcase {

std::span<const BudgetInfo> AllBudgets() {
  static constexpr std::array kBudgets = {
#define SLABHOUND_BUDGET(field, word, generated, person, min, max, counts) \
  BudgetInfo{word, &Budgets::field, min, max, counts},
#include "testcase/budgets.def"
  };
  return kBudgets;
}

}  // namespace slabhound::testcase
