// Objects that are made of nothing: structs of defaults, arrays without elements.
#pragma once

#include <optional>

#include "wasm/module.h"

namespace slabhound::rewrite {

// What makes one of the type, whose index is `type`. Nothing: none can be made.
std::optional<wasm::Instr> NewEmpty(const wasm::CompositeType& composite, uint32_t type);

// The same for the type of which the instruction makes an object; whether it has defaults is the
// validator's to judge. Nothing: it makes none.
std::optional<wasm::Instr> EmptyLike(const wasm::Instr& instr);

}  // namespace slabhound::rewrite
