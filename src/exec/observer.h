// Observer: told of each run of the instructions that it asks for, and of what the heap had been
// through by then. The machine does nothing else for it: fuel, safepoints and collections are those
// of a run that nobody looks at.
#pragma once

#include <cstdint>

#include "bytecode/linked_module.h"

namespace slabhound::exec {

struct HeapPast {
  uint64_t collections = 0;
  uint64_t frees = 0;     // collections that freed something
  uint64_t copies = 0;    // objects that were moved
  uint64_t reuses = 0;    // objects in slots that others had before
  bool is_tight = false;  // less than an eighth is left
};

class Observer {
 public:
  virtual ~Observer() = default;
  // Of the one module that is instantiated. Requires: it stays as it is.
  virtual const bytecode::Sites& sites() const = 0;
  virtual void Ran(uint32_t site, const HeapPast& past) = 0;
};

}  // namespace slabhound::exec
