// For tests: signatures of findings, and their folders.
#pragma once

#include <filesystem>
#include <string>

#include "diff/signature.h"

namespace slabhound::diff {

// "slab panic: MESSAGE".
inline Signature PanicSignature(std::string message, std::string suspect = "slab") {
  return {.kind = FindingKind::Failure,
          .suspect = std::move(suspect),
          .failure = trace::FailureKind::Panic,
          .message = std::move(message)};
}

// The folder of a bucket among those in `folder`, by the readable part of its slug.
inline std::string BucketFolder(const std::string& folder, const std::string& readable) {
  constexpr size_t kHashBytes = 13;  // a dash and twelve digits
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(readable + "-") && name.size() == readable.size() + kHashBytes) {
      return name;
    }
  }
  return readable;
}

}  // namespace slabhound::diff
