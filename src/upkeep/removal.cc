#include "upkeep/removal.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace slabhound::upkeep {

Removal PlanRemoval(std::span<const KeptFile> files, uint64_t folder_bytes,
                    const FolderLimits& limits, int64_t now) {
  Removal removal;
  std::vector<size_t> others;
  const auto remove = [&](size_t place) {
    removal.files.push_back(place);
    removal.bytes += files[place].bytes;
  };
  for (size_t i = 0; i < files.size(); ++i) {
    if (files[i].is_needed) continue;
    const int64_t age = now - files[i].symptom_seen;
    if (limits.age_max && age > 0 && static_cast<uint64_t>(age) > *limits.age_max) {
      remove(i);
    } else {
      others.push_back(i);
    }
  }
  if (!limits.bytes_max) return removal;
  const auto left = [&] { return folder_bytes - std::min(folder_bytes, removal.bytes); };
  if (left() <= *limits.bytes_max) return removal;
  std::ranges::sort(others, {}, [&](size_t place) {
    const KeptFile& file = files[place];
    return std::tuple(-std::bit_width(file.symptom_cases), file.made, place);
  });
  const uint64_t wanted = *limits.bytes_max - *limits.bytes_max / 10;
  for (size_t i = 0; i < others.size() && left() > wanted; ++i) remove(others[i]);
  removal.is_enough = left() <= *limits.bytes_max;
  return removal;
}

}  // namespace slabhound::upkeep
