// An instance: a linked module, its exports, and the code that it shares.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "bytecode/linked_module.h"
#include "machine/machine.h"

namespace slabhound::bytecode {
class CodeCache;
}

namespace slabhound::exec {

struct Instance : bytecode::LinkedModule {
  struct Export {
    std::string_view name;  // the module's
    machine::Extern what;
  };
  std::vector<Export> exports;                // by name
  bytecode::CodeCache* code_cache = nullptr;  // if one serves this instance

  const machine::Extern* FindExport(std::string_view name) const {
    const auto found = std::ranges::lower_bound(exports, name, {}, &Export::name);
    return found == exports.end() || found->name != name ? nullptr : &found->what;
  }
};

}  // namespace slabhound::exec
