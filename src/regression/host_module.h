// The host's imports as modules of a script: what trace/host.h says of each, written in Wasm.
//
// 1. No constant gives a host object. Where an imported global or table holds one, a structure of a
//    type that no case has stands in for it. A case that asks what it is then does something else:
//    who writes a script must try it (check.h).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "testcase/prepared.h"

namespace slabhound::regression {

struct HostModule {
  std::string name;  // what the importing module calls it
  wasm::Module module;
  bool stands_in = false;  // structures for host objects
};

// One for each module name that is imported from, in order of first use. The error says which
// import a module cannot stand for.
Result<std::vector<HostModule>, std::string> HostModules(const testcase::Prepared& prepared);

}  // namespace slabhound::regression
