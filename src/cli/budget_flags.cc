#include "cli/budget_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace slabhound::cli {
namespace {

constexpr uint64_t kCallsPerTotal = 10;

// "1'000'000" is easier to count than "1000000", and as good for a flag.
std::string Grouped(uint64_t number) {
  std::string text = fmt::format("{}", number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, "'");
  return text;
}

// Nothing for what is no such number.
std::optional<uint64_t> Parse(std::string text, const testcase::BudgetInfo& info) {
  std::erase(text, '\'');
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number >= info.min && number <= info.max ? std::optional(number) : std::nullopt;
}

}  // namespace

void AddBudgetFlags(CLI::App& parser, BudgetFlags& flags, const testcase::Budgets& defaults) {
  const auto budgets = testcase::AllBudgets();
  flags.values.resize(budgets.size());
  for (size_t i = 0; i < budgets.size(); ++i) {
    const testcase::BudgetInfo& info = budgets[i];
    const CLI::Validator in_range(
        [&info](const std::string& text) {
          return Parse(text, info) ? std::string()
                                   : fmt::format("{}: a whole number from {} to {}", text,
                                                 Grouped(info.min), Grouped(info.max));
        },
        "");
    parser
        .add_option_function<std::string>(
            fmt::format("--{}", info.word),
            [&value = flags.values[i], &info](const std::string& text) {
              value = Parse(text, info);
            },
            fmt::format("{} at most (default: the case's own, else {})", info.counts,
                        Grouped(defaults.*info.field)))
        ->type_name("N")
        ->check(in_range);
  }
}

testcase::Budgets BudgetsOf(const BudgetFlags& flags, const testcase::Budgets& otherwise) {
  testcase::Budgets budgets = otherwise;
  const auto all = testcase::AllBudgets();
  bool total_is_said = false;
  for (size_t i = 0; i < flags.values.size(); ++i) {
    if (!flags.values[i]) continue;
    budgets.*all[i].field = *flags.values[i];
    total_is_said |= all[i].field == &testcase::Budgets::fuel_total;
  }
  if (!total_is_said && budgets.fuel_per_call != otherwise.fuel_per_call) {
    budgets.fuel_total = std::clamp<uint64_t>(kCallsPerTotal * budgets.fuel_per_call,
                                              otherwise.fuel_total, UINT32_MAX);
  }
  return budgets;
}

void SetBudgets(const BudgetFlags& flags, testcase::Plan& plan) {
  plan.budgets = BudgetsOf(flags, plan.budgets.value_or(testcase::kPersonBudgets));
}

}  // namespace slabhound::cli
