// Size classes of the slab heap: which slot size serves an object.
#pragma once

#include <array>
#include <cstdint>

namespace slabhound::heap {

inline constexpr uint32_t kSlabBytes = 16 * 1024;

// Slot sizes in bytes, multiples of 16; larger objects get slabs of their own.
inline constexpr std::array<uint32_t, 14> kSlotBytes = {16,  32,  48,  64,  96,   128,  192,
                                                        256, 384, 512, 768, 1024, 2048, 4096};
inline constexpr uint8_t kSizeClassCount = kSlotBytes.size();
inline constexpr uint8_t kLargeClass = kSizeClassCount;  // not a row above
inline constexpr uint32_t kSmallBytesMax = kSlotBytes.back();

// Requires: bytes <= kSmallBytesMax.
constexpr uint8_t SizeClassOf(uint32_t bytes) {
  constexpr auto kByGranule = [] {
    std::array<uint8_t, kSmallBytesMax / 16 + 1> table{};
    uint8_t size_class = 0;
    for (uint32_t granules = 0; granules < table.size(); ++granules) {
      if (granules * 16 > kSlotBytes[size_class]) ++size_class;
      table[granules] = size_class;
    }
    return table;
  }();
  return kByGranule[(bytes + 15) / 16];
}
static_assert(SizeClassOf(1) == 0 && SizeClassOf(16) == 0 && SizeClassOf(17) == 1 &&
              SizeClassOf(kSmallBytesMax) == kSizeClassCount - 1);

}  // namespace slabhound::heap
