// Handles: objects that the embedder holds, by number.
//
// 1. Each is a root until it is released; the last ones are released first.
#pragma once

#include <vector>

#include "base/check.h"
#include "exec/root_walk.h"

namespace slabhound::exec {

class Handles {
 public:
  uint32_t Add(heap::Ref ref) {
    refs_.push_back(ref);
    return static_cast<uint32_t>(refs_.size() - 1);
  }
  heap::Ref At(uint32_t handle) const {
    CHECK(handle < refs_.size());
    return refs_[handle];
  }
  size_t count() const { return refs_.size(); }
  // Forgets all but the first `count`.
  void Release(size_t count) {
    CHECK(count <= refs_.size());
    refs_.resize(count);
  }
  void VisitRoots(RootWalk& walk) {
    for (heap::Ref& ref : refs_) walk.Visit(ref);
  }

 private:
  std::vector<heap::Ref> refs_;
};

}  // namespace slabhound::exec
