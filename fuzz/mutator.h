// Mutation of modules that keeps them well-formed and mostly valid: what a fuzzer of bytes seldom
// manages, since sections know their sizes and instructions their operands.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/rng.h"

namespace slabhound::fuzz {

// The module with a few small changes: instructions replaced by others of the same signature,
// immediates moved, instructions inserted, removed, copied; types, limits and segments touched.
// Three times in four the result is valid if a few tries find one that is. Nothing when the bytes
// are no module or nothing could be changed.
std::optional<Bytes> MutateModule(ByteSpan module, Rng rng);

}  // namespace slabhound::fuzz
