// Handles: how the embedder holds objects (embed/machine.h, 2), and the way in and out for values.
#pragma once

#include <vector>

#include "embed/machine.h"
#include "oracle/store.h"
#include "oracle/value.h"

namespace slabhound::oracle {

class Handles {
 public:
  explicit Handles(Store& store) : store_(store) {}

  size_t Mark() const { return held_.size(); }
  void Release(size_t mark);

  // The object a handle names. Requires: a Struct, Array or Exn handle not yet released.
  uint32_t ObjectOf(embed::Ref handle) const;

  // Makes a handle where the value is an object. Requires: the value has the type.
  embed::Ref Out(const Value& reference);
  embed::Value Out(const Value& value, wasm::ValType type);

  // Requires: the value has the type, which says the hierarchy of a reference.
  Value In(embed::Ref reference, wasm::ValType type) const;
  Value In(const embed::Value& value, wasm::ValType type) const;

 private:
  Store& store_;
  std::vector<uint32_t> held_;  // object numbers
};

}  // namespace slabhound::oracle
