#include "cli/minimize_account.h"

#include <fmt/format.h>

#include <algorithm>

namespace slabhound::cli {
namespace {

std::string Row(std::string_view name, const minimizer::Counts& counts, uint64_t bytes) {
  return fmt::format("{:<14}{:>9}{:>9}{:>9}{:>9}{:>9}\n", name, counts.proposed, counts.invalid,
                     counts.candidates, counts.accepted, bytes);
}

}  // namespace

std::string AccountTable(const minimizer::Minimized& minimized) {
  std::string text = fmt::format("{:<14}{:>9}{:>9}{:>9}{:>9}{:>9}\n", "reducer", "proposed",
                                 "invalid", "tried", "accepted", "bytes");
  minimizer::Account all;
  for (const minimizer::Account& account : minimized.accounts) {
    if (account.counts.proposed == 0) continue;
    text += Row(account.reducer, account.counts, account.bytes);
    all.counts += account.counts;
    all.bytes += account.bytes;
  }
  return text + Row("all", all.counts, all.bytes);
}

std::string StepText(const minimizer::Step& step) {
  return fmt::format("step        {:>7} {:<14} {} -> {} bytes\n", step.candidates, step.reducer,
                     step.bytes_before, step.bytes);
}

}  // namespace slabhound::cli
