// A failed integrity check of the slab engine, as a value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace slabhound::heap {

enum class PanicKind : uint8_t {
#define SLABHOUND_PANIC(name, ...) name,
#include "heap/panics.def"
};

struct Panic {
  PanicKind kind;
  std::string detail;
};

std::string_view PanicText(PanicKind kind);  // "id from different slab", …
// Whether nothing is wrong but that memory is kept.
inline bool IsLeak(PanicKind kind) {
  return kind == PanicKind::Leak || kind == PanicKind::LeakOfHost;
}

}  // namespace slabhound::heap
