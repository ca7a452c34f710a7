// Types written twice. Binaryen writes each recursion group once, so that no index of a type ever
// differs from its place among the different ones; engines keep the two apart.
//
// 1. One group is written again behind all types, and half of what functions say of the group's
//    types says it of the twins. Twins are equal, so the module means what it meant.
// 2. A module without types stays as it is, and so does one that cannot be read.
#pragma once

#include "base/bytes.h"
#include "base/rng.h"

namespace slabhound::gen {

Bytes WithTwinTypes(Bytes module, Rng rng);

}  // namespace slabhound::gen
