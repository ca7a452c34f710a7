// A test case that tells its references as it goes: behind each instruction that puts a reference
// of the `any` hierarchy on the stack, an import is told it with all that it reaches. Where two
// engines first differ in these is where a reference went wrong, though the case itself shows it
// only by a trap or a number.
//
// 1. Probes do nothing else, but cost fuel and depth and are safepoints: a case may not fail any
//    more with them. Who runs it must look.
// 2. With `stop_after`, the case traps behind so many probes and at each later one: an engine that
//    dies of the case has told by then what it did before. With `only`, there is but one site's.
// 3. The import is the last of the imported functions; the module's own have an index more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "testcase/prepared.h"

namespace slabhound::graph {

inline constexpr std::string_view kProbeName = "probe";  // of the import, from "slabhound"

struct Site {
  uint32_t function = 0;  // of the case as it was
  uint32_t instruction = 0;
};

struct Probed {
  testcase::TestCase test_case;
  std::vector<Site> sites;  // by the first argument of a probe; the second is the reference
};

struct ProbeOptions {
  std::optional<uint32_t> stop_after = {};
  std::optional<size_t> only = {};  // as sites are numbered
};

// Nothing: there is no such instruction, or there are too many.
std::optional<Probed> AddProbes(const testcase::Prepared& prepared,
                                const ProbeOptions& options = {});

// "struct.get, instruction 7 of func $run". `added` functions of the case are not the reader's:
// they come before all others, and are not counted.
std::string SiteText(const Site& site, const testcase::Prepared& prepared, uint32_t added = 0);

}  // namespace slabhound::graph
