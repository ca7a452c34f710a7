// Traps as engines' messages tell them (trap_texts.def): a message means one kind of trap or
// several.
#pragma once

#include <string_view>

#include "engine/spec.h"
#include "trace/trap_set.h"
#include "worker/protocol.h"

namespace slabhound::worker {

// What the message means on that engine; any trap for one that is not in the table.
trace::TrapSet TrapsOf(engine::EngineKind engine, std::string_view message);
// Of a step that ended in a trap: what its kind names, or what its message means.
trace::TrapSet TrapsOf(engine::EngineKind engine, const WorkerStep& step);

}  // namespace slabhound::worker
