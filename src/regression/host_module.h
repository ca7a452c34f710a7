// The host's imports as modules of a script: what trace/host.h says of each, written in Wasm.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "testcase/prepared.h"

namespace slabhound::regression {

struct HostModule {
  std::string name;  // what the importing module calls it
  wasm::Module module;
};

// One for each module name that is imported from, in order of first use. The error says which
// import a module cannot stand for.
Result<std::vector<HostModule>, std::string> HostModules(const testcase::Prepared& prepared);

}  // namespace slabhound::regression
