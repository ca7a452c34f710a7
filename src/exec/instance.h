// An instance: a linked module, its exports, and the code that it shares.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "bytecode/linked_module.h"
#include "machine/machine.h"

namespace slabhound::bytecode {
class CodeCache;
}

namespace slabhound::exec {

struct Instance : bytecode::LinkedModule {
  struct Export {
    uint64_t hash;          // of the name
    std::string_view name;  // the module's
    machine::Extern what;
  };
  std::vector<Export> exports;                // by hash
  bytecode::CodeCache* code_cache = nullptr;  // if one serves this instance

  const machine::Extern* FindExport(std::string_view name) const {
    const uint64_t hash = HashBytes(AsBytes(name));
    auto found = std::ranges::lower_bound(exports, hash, {}, &Export::hash);
    for (; found != exports.end() && found->hash == hash; ++found) {
      if (found->name == name) return &found->what;
    }
    return nullptr;
  }
};

}  // namespace slabhound::exec
