// Spectest: the host module that every specification script may import from, and what scripts of
// other projects import to force a collection (testcase/imports.def).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "machine/machine.h"

namespace slabhound::script {

class Spectest {
 public:
  // Allocates its functions, globals, tables and memory in `machine`.
  explicit Spectest(machine::Machine& machine);
  std::optional<machine::Extern> Find(const wasm::Import& import, const wasm::Module& module) const;

 private:
  std::map<std::string, machine::Extern, std::less<>> exports_;
  machine::Extern collect_;
};

}  // namespace slabhound::script
