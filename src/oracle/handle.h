// Handles: how the embedder holds objects (machine/machine.h, 2), and the way in and out for
// values.
#pragma once

#include <vector>

#include "machine/machine.h"
#include "oracle/store.h"
#include "oracle/value.h"

namespace slabhound::oracle {

class Handles {
 public:
  explicit Handles(Store& store) : store_(store) {}

  size_t Mark() const { return held_.size(); }
  void Release(size_t mark);

  // The object a handle names. Requires: a Struct, Array or Exn handle not yet released.
  uint32_t ObjectOf(machine::Ref handle) const;

  // Makes a handle where the value is an object. Requires: the value has the type.
  machine::Ref Out(const Value& reference);
  machine::Value Out(const Value& value, wasm::ValType type);

  // Requires: the value has the type, which says the hierarchy of a reference.
  Value In(machine::Ref reference, wasm::ValType type) const;
  Value In(const machine::Value& value, wasm::ValType type) const;

 private:
  Store& store_;
  std::vector<uint32_t> held_;  // object numbers
};

}  // namespace slabhound::oracle
