// For tests: what stands for a bug of an engine that takes its process with it.
#pragma once

#include <algorithm>
#include <csignal>
#include <cstdint>

#include "base/bytes.h"

namespace slabhound::campaign {

inline void DieOf(int signal) {
  std::signal(signal, SIG_DFL);  // a sanitizer's handler is not meant
  raise(signal);
}

inline bool HasStructNewDefault(ByteSpan module) {
  const uint8_t struct_new_default[] = {0xfb, 0x01};
  return !std::ranges::search(module, struct_new_default).empty();
}

}  // namespace slabhound::campaign
