#include "screen/risk.h"

#include <fmt/format.h>

#include "screen/amounts.h"

namespace slabhound::screen {

Risk RiskOf(const campaign::Tally& tally) { return {tally.cases, tally.seen_once()}; }

std::string NextFindText(const Risk& risk) {
  if (!risk.is_known()) return "not known yet";
  return fmt::format("{}one in {} modules", risk.seen_once > 0 ? "" : "less than ",
                     CountText(risk.modules_each()));
}

}  // namespace slabhound::screen
