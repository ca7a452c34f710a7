// Avoidances (avoidances.def): a module rewritten for an engine that does one thing wrong.
//
// 1. The result is valid and does what the module does, budgets of portable forms included, which
//    count depth themselves: no call and no loop is added or removed, and no allocation that the
//    module could see.
// 2. A place that a rewrite does not know how to spare stays as it is.
// Which engine needs which stands in avoid/known.def.
#pragma once

#include <cstdint>
#include <string_view>

#include "wasm/module.h"

namespace slabhound::avoid {

enum class Avoidance : uint8_t {
  None,
#define SLABHOUND_AVOIDANCE(name, ...) name,
#include "avoid/avoidances.def"
};
std::string_view AvoidanceText(Avoidance avoidance);

// Requires: the module is valid. Whether anything was rewritten.
bool Avoid(Avoidance avoidance, wasm::Module& module);

// Each has a file of its own.
#define SLABHOUND_AVOIDANCE(name, ...) bool Avoid##name(wasm::Module& module);
#include "avoid/avoidances.def"

}  // namespace slabhound::avoid
