// LinkedModule: a module and the store addresses of everything in its index spaces: what bytecode
// is made from.
//
// 1. Each list of addresses is a whole index space: imports first, then definitions.
// 2. Equal addresses and sites of one module make equal bytecode.
#pragma once

#include <cstdint>
#include <vector>

#include "valid/valid_module.h"

namespace slabhound::bytecode {

struct Addresses {
  std::vector<uint32_t> functions, tables, memories, globals, tags;
  uint32_t first_elem = 0;  // of the store's element segments
  uint32_t first_data = 0;  // of the store's data segments
  friend bool operator==(const Addresses&, const Addresses&) = default;
};

// Instructions that somebody looks at as they run: by definition and instruction, what each is to
// be told as, or kNoSite.
inline constexpr uint32_t kNoSite = UINT32_MAX;
using Sites = std::vector<std::vector<uint32_t>>;

struct LinkedModule : Addresses {
  valid::ValidModule module;
  const Sites* sites = nullptr;  // each gets an Observe before it
};

}  // namespace slabhound::bytecode
