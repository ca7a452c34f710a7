#include "screen/risk.h"

#include <fmt/format.h>

#include <algorithm>

#include "screen/amounts.h"

namespace slabhound::screen {

Risk RiskOf(const campaign::Tally& tally) {
  const auto once =
      std::ranges::count_if(tally.buckets, [](const auto& bucket) { return bucket.second == 1; });
  return {tally.cases, static_cast<uint64_t>(once)};
}

std::string NextFindText(const Risk& risk) {
  if (!risk.is_known()) return "not known yet";
  return fmt::format("{}one in {} modules", risk.seen_once > 0 ? "" : "less than ",
                     CountText(risk.modules_each()));
}

}  // namespace slabhound::screen
