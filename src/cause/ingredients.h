// What a minimized case needs and most cases do not have: instructions and features, by which it is
// told beforehand that a new case may show the same cause again.
//
// Asked once a cause is known: does a new case that has all its ingredients still fail without one
// of them? If it passes, it shows nothing new.
#pragma once

#include <string>
#include <vector>

#include "wasm/module.h"

namespace slabhound::cause {

// "exceptions", "array.copy", … : sorted, each once; the rarest features of the module. Requires:
// the module is valid.
std::vector<std::string> IngredientsOf(const wasm::Module& module);

bool HasIngredient(const wasm::Module& module, const std::string& ingredient);

// The module with each such instruction replaced by what takes its operands and leaves default
// values: valid, and otherwise as it was. A try_table becomes a block, a throw a trap. Functions
// that would come out invalid stay. Requires: valid.
wasm::Module Ablate(const wasm::Module& module, const std::string& ingredient);

}  // namespace slabhound::cause
