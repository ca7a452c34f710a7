// Import resolution and matching (spec 4.5.3), the same for every machine.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "machine/machine.h"

namespace slabhound::machine {

// The first import that does not match, if any: "incompatible import type: module.name".
// Requires: imports.size() equals the module's number of imports, and each names an address that
// exists.
std::optional<ImportFailure> CheckImports(const Machine& machine, const valid::ValidModule& module,
                                          std::span<const Extern> imports);

// What an embedder offers under an import's names, if anything.
using ImportLookup = std::function<std::optional<Extern>(const wasm::Import&)>;

// One Extern for each import, or "unknown import: module.name" for the first one not offered.
Result<std::vector<Extern>, ImportFailure> ResolveImports(const wasm::Module& module,
                                                          const ImportLookup& lookup);

}  // namespace slabhound::machine
