#include "gen/twin_types.h"

#include "rewrite/references.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::gen {

Bytes WithTwinTypes(Bytes module, Rng rng) {
  auto decoded = wasm::Decode(module);
  if (!decoded || decoded->rec_groups.empty()) return module;
  const wasm::RecGroup group = decoded->rec_groups[rng.Below(decoded->rec_groups.size())];
  const auto count = static_cast<uint32_t>(decoded->types.size());
  const auto twin = [&group, count](rewrite::Space space, uint32_t& index) {
    if (space != rewrite::Space::Type || index - group.first >= group.count) return;
    index = count + (index - group.first);
  };
  for (uint32_t i = 0; i < group.count; ++i) {
    wasm::SubType type = decoded->types[group.first + i];
    rewrite::VisitSubType(type, twin);
    decoded->types.push_back(std::move(type));
  }
  decoded->rec_groups.push_back({count, group.count, group.is_explicit});
  const auto perhaps = [&rng, &twin](rewrite::Space space, uint32_t& index) {
    if (rng.OneIn(2)) twin(space, index);
  };
  for (wasm::Function& function : decoded->functions) rewrite::VisitFunction(function, perhaps);
  return wasm::Encode(*decoded);
}

}  // namespace slabhound::gen
