// The format of finding.json, by its number: `format` in the file.
//
// 1. A file without one is of format 1, in which folders were named otherwise; those of format 2
//    have no cause key and no symptoms/ (layout.h). Both are read.
// 2. A later one is not.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

namespace slabhound::campaign {

inline constexpr uint64_t kFindingFormat = 3;

// Requires: an object. What is no number is later than any.
template <typename Json>
uint64_t FormatOf(const Json& json) {
  const auto found = json.find("format");
  if (found == json.end()) return 1;
  return found->is_number_unsigned() ? found->template get<uint64_t>() : UINT64_MAX;
}

}  // namespace slabhound::campaign
