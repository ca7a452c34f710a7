// For tests: signatures of findings.
#pragma once

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

}  // namespace slabhound::diff
