// What the host of trace/host.h has no value for, where one can be made: new objects for results
// and globals of types without null.
//
// A function so given logs its call, then makes what it returns. Where a module uses a library, a
// global of type (ref extern) that cannot change is the string of its name, as compilers import
// their string constants.
#pragma once

#include "provide/assembly.h"
#include "provide/library.h"

namespace slabhound::provide {

// Whether the host can give the import without help (trace/host.h).
bool HostCanGive(const wasm::Module& module, const wasm::Import& import);

// Gives the import, `index` counting those of its kind; false if no value can be made.
bool GiveDefault(Assembly& assembly, const wasm::Import& import, uint32_t index);

}  // namespace slabhound::provide
