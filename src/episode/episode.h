// Episodes: what a specification script does, cut into test cases, so that engines behind workers
// can be held against it. An episode is a module instance, or several that import from one another
// merged into one module (merge.h), and all that the script does with them, in its order.
//
// 1. Each action becomes a call of an export of ours that passes the arguments on and returns what
//    came, then for each reference of the hierarchy of `any` a number that tells a structure from
//    an array. Numbers and host objects are the plan's (testcase/testcase.h, 1), nulls are in it.
// 2. The instantiation of the first instance is the module's own; that of a later one is a call.
// 3. What spectest exports is defined in the module, afresh in each episode. An import that forces
//    a collection, as in scripts on engines of this process (script/runner.h), stays the module's
//    only one.
// 4. Modules that must be refused are no episodes: they go to the engine as bytes. Of malformed
//    text there is nothing to give.
// 5. Every assertion of the script, and every other command that can fail, is a step of an episode,
//    a refusal, not run for a reason, or failed already.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "script/script.h"
#include "testcase/testcase.h"

namespace slabhound::episode {

struct Step {
  uint32_t line = 0;
  std::string what;                              // the action, for messages
  const script::Assertion* assertion = nullptr;  // none: it must return
  std::optional<size_t> call;                    // of the plan; none: the instantiation of 2
  std::vector<wasm::ValType> results = {};       // numbers, or nullable references to the top type
};

struct Episode {
  testcase::TestCase test_case;
  std::vector<Step> steps;
};

struct Refusal {
  uint32_t line = 0;
  const script::Assertion* assertion = nullptr;
  Bytes bytes;
};

// What an engine did instead of passing, as far as rows of misses.def ask.
enum class Instead : uint8_t { Other, Rejected, TookInvalid, NoExceptions };

struct Note {
  uint32_t line = 0;
  std::string message;  // for people
  Instead instead = Instead::Other;
  std::string words = {};  // Rejected: the engine's
};

struct Episodes {
  std::vector<Episode> episodes;
  std::vector<Refusal> refusals;
  std::vector<Note> not_run;  // the message is a reason
  std::vector<Note> failed;   // likewise, of what no engine is needed for
};

// The script outlives the episodes.
Episodes CutScript(const script::Script& script);

}  // namespace slabhound::episode
