// Imported functions that answer as recorded (answers.h), and the host's calls as exports.
//
// 1. Each call logs its arguments as an event of the import's name, then gives the next answer of
//    the import and does what the host did meanwhile.
// 2. A call whose arguments are not the recorded ones, and one behind the last, ends in a trap
//    behind the event `departed` with the number of the call among those of its import, from 1,
//    or 0 outside of any; so does a call of the host that returned in the recording and throws,
//    or the reverse.
// 3. The host's calls from outside become exports `recorded 0`, `recorded 1`, … without
//    parameters.
#pragma once

#include <map>

#include "provide/answers.h"
#include "provide/host_values.h"

namespace slabhound::provide {

class Replay {
 public:
  Replay(Assembly& assembly, const Answers& answers)
      : assembly_(assembly), answers_(answers), values_(assembly, answers) {}

  const HostTypes& types() const { return values_.types(); }

  // Gives the imported function its answers, `index` counting the imported functions. How many.
  Result<size_t, std::string> GiveFunction(const wasm::Import& import, uint32_t index);
  // Globals, tables and memories that the recording knows. Whether it was given.
  bool GiveOther(const wasm::Import& import, uint32_t index);
  // Exports the host's calls; their names.
  Result<std::vector<std::string>, std::string> AddOutside();

 private:
  friend class ReplayCode;
  uint32_t Departed();
  uint32_t ObjectTag();

  Assembly& assembly_;
  const Answers& answers_;
  HostValues values_;
  std::optional<uint32_t> departed_, object_tag_;
  size_t reference_code_ = 0;  // instructions that call functions by reference
};

}  // namespace slabhound::provide
