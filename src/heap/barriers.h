// Barriers: what a collector is told of references that come into objects and out of them.
//
// 1. The heap has at most one set of barriers. With none, each place costs one test of a pointer.
// 2. A barrier may count and remember. It frees, moves and allocates nothing: its caller holds
//    addresses of objects.
// 3. Values may be any word of a traced field: null, an i31, a host object or an object.
#pragma once

#include "heap/ref.h"

namespace slabhound::heap {

class Barriers {
 public:
  virtual ~Barriers() = default;
  // `object` is new: its header is set, its fields are zero.
  virtual void Allocated(Ref object) = 0;
  // `value` is about to be the first one in a field of a new object.
  virtual void Initializing(Ref object, Ref value) = 0;
  // `value` is about to take the place of `old` in a field.
  virtual void Overwriting(Ref object, Ref old, Ref value) = 0;
  // `value` came out of a field, and may be all that still holds what it names.
  virtual void Loaded(Ref value) = 0;
};

}  // namespace slabhound::heap
