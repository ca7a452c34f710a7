// The final state of a store as events: first what the instance exports and what that reaches
// (State), then everything else there is (Inside).
//
// 1. One walk numbers the objects of both, exports first, so that State does not depend on what is
//    inside.
// 2. Globals and tables come before what they reach: the first difference names the global or
//    table if its own value differs, and the objects only where the graph behind it does.
// 3. At most kStateEventsMax globals, tables and memories are told one by one; the hashes hold them
//    all.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "machine/machine.h"
#include "trace/trace.h"

namespace slabhound::trace {

inline constexpr size_t kStateEventsMax = 256;

// `exports` are those of the instance; without one there are none. The panic is of an object that
// could not be read. The words of the walk go to `words`, if there is such a place.
Result<std::vector<Event>, machine::Panic> FinalState(machine::Machine& machine,
                                                      std::optional<machine::InstanceId> instance,
                                                      std::span<const wasm::Export> exports,
                                                      std::vector<uint64_t>* words = nullptr);

}  // namespace slabhound::trace
