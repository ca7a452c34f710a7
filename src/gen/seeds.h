// The seed templates of corpus/seeds, embedded at build time: small modules of loops over live
// references, on which the generator builds.
#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace slabhound::gen {

struct Seed {
  std::string_view name;
  Bytes wasm;
  bool exceptions = false;  // it throws
};

// In order of names; made at the first call.
const std::vector<Seed>& Seeds();

}  // namespace slabhound::gen
