// Spectest: the host module that every specification script may import from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "embed/machine.h"

namespace slabhound::script {

class Spectest {
 public:
  // Allocates its functions, globals, tables and memory in `machine`.
  explicit Spectest(embed::Machine& machine);
  std::optional<embed::Extern> Find(std::string_view name) const;

 private:
  std::map<std::string, embed::Extern, std::less<>> exports_;
};

}  // namespace slabhound::script
