// Reads a worker's answer to a run (protocol.h, 4) as its JSON goes by. There is one for each
// module, of some twenty objects: a tree of them would cost more than all else on this side of the
// pipe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "worker/protocol.h"

namespace slabhound::worker {

// An answer as it stands, before it is held against its request.
struct Answer {
  uint64_t id = 0;
  bool has_instantiate = false;
  WorkerRun run;
};

// What is unknown is left out; the error is one line. There are at most `calls_max` calls.
Result<Answer, std::string> ReadAnswer(std::string_view text, size_t calls_max);

// A text field is cut here.
inline constexpr size_t kTextBytesMax = 4000;

}  // namespace slabhound::worker
