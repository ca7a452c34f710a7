// Section ids and their order in a binary (spec 5.5.2), shared by decoder and encoder.
#pragma once

#include <array>
#include <cstdint>

namespace slabhound::wasm {

enum SectionId : uint8_t {
  kCustomSection,
  kTypeSection,
  kImportSection,
  kFunctionSection,
  kTableSection,
  kMemorySection,
  kGlobalSection,
  kExportSection,
  kStartSection,
  kElemSection,
  kCodeSection,
  kDataSection,
  kDataCountSection,
  kTagSection,
};

// Position of each id in a module; custom sections may stand anywhere.
inline constexpr std::array<uint8_t, 14> kSectionOrder = {0, 1, 2,  3,  4,  5,  7,
                                                          8, 9, 10, 12, 13, 11, 6};

}  // namespace slabhound::wasm
