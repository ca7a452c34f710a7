// Spectest: the host module that every specification script may import from.
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
  std::optional<machine::Extern> Find(std::string_view name) const;

 private:
  std::map<std::string, machine::Extern, std::less<>> exports_;
};

}  // namespace slabhound::script
