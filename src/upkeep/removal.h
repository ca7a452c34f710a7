// Which kept files go when a folder is larger or older than it may be. Pure: who removes them, and
// from which lists, is not known here.
//
// 1. What is needed stays, whatever its size.
// 2. What is too old goes. Then as much as brings the folder under its bound, with a tenth to
//    spare: files of loud symptoms, of which there are many others, before those of rare ones, and
//    the oldest of them first. Symptoms are as loud as each other up to a factor of two.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace slabhound::upkeep {

struct KeptFile {
  uint64_t bytes = 0;
  uint64_t symptom_cases = 1;  // how often its symptom was seen
  int64_t symptom_seen = 0;    // when it was last; times are seconds since 1970
  int64_t made = 0;            // when the file was
  bool is_needed = false;
};

struct FolderLimits {
  std::optional<uint64_t> bytes_max = std::nullopt;
  std::optional<uint64_t> age_max = std::nullopt;  // seconds since the symptom was seen
};

struct Removal {
  std::vector<size_t> files;  // their places, in the order in which they go
  uint64_t bytes = 0;         // of these
  bool is_enough = true;      // the folder is within its bound then
};

// `folder_bytes`: of all of it, these files included.
Removal PlanRemoval(std::span<const KeptFile> files, uint64_t folder_bytes,
                    const FolderLimits& limits, int64_t now);

}  // namespace slabhound::upkeep
