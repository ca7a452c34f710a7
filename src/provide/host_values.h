// The values of a recording as code: made for the module, taken from it, compared with it.
//
// Objects that come back to the module stand in a table, one place each: `ref` is put there when
// the module shows it, `host` is made when it is asked for the first time.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "provide/answers.h"
#include "provide/assembly.h"
#include "provide/library.h"

namespace slabhound::provide {

class HostValues {
 public:
  HostValues(Assembly& assembly, const Answers& answers);

  const HostTypes& types() const { return types_; }

  // Leaves the value on the stack. The error says which value is none of which type.
  Result<void, std::string> Make(wasm::Code& code, const Value& value, wasm::ValType type);
  // Leaves 1 if the local is not the value, as far as values can be compared: objects are only
  // known to be some. Keeps what the value numbers.
  void Compare(wasm::Code& code, uint32_t local, wasm::ValType type, const Value& value);
  // Leaves the function that the module showed.
  void Function(wasm::Code& code, uint64_t number);

  // What the value is as the first value of a global; nothing if it cannot be one.
  std::optional<wasm::Code> Constant(const Value& value, wasm::ValType type) const;

 private:
  void MakeObject(wasm::Code& code, const Value& value);
  void MakeString(wasm::Code& code, const std::string& units);
  void Keep(wasm::Code& code, uint32_t local, wasm::ValType type, uint64_t number);
  uint32_t ObjectMaker();
  bool IsOf(wasm::ValType type, wasm::AbstractHeap top) const;

  Assembly& assembly_;
  HostTypes types_;
  std::map<uint64_t, uint32_t> places_;
  uint32_t objects_ = 0, functions_ = 0;     // the tables, if there are places
  std::map<std::string, uint32_t> strings_;  // data segments
  std::optional<uint32_t> object_maker_, same_;
};

}  // namespace slabhound::provide
