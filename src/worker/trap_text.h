// Traps as other engines tell them: a message means one kind of trap or several.
//
// 1. The text of a set of traps is their names in the order of traps.def with | between them; any
//    trap at all is `?`.
// 2. Two texts agree when some trap is in both sets: comparison is as coarse as the coarser engine.
#pragma once

#include <string>
#include <string_view>

#include "engine/spec.h"

namespace slabhound::worker {

// What the message means on that engine, as in 1; `?` for a message that is not in the table.
std::string TrapText(engine::EngineKind engine, std::string_view message);
// Text in the form of 1 from what a worker gave as kind; nothing known in it is `?`.
std::string TrapKindText(std::string_view kind);

bool TrapsAgree(std::string_view a, std::string_view b);

}  // namespace slabhound::worker
