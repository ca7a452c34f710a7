// Stop-the-world mark and sweep over precise roots: objects never move.
//
// 1. Marking uses an explicit stack, so deep object graphs need no native stack.
// 2. Cost is proportional to what is reachable plus the slots in use.
#pragma once

#include <vector>

#include "gc/collector.h"

namespace slabhound::gc {

class MarkSweep final : public Collector, private RootVisitor {
 public:
  uint64_t Collect(heap::Heap& heap, RootSource& roots) override;

 private:
  void Visit(heap::Ref& root) override;
  uint64_t Drain();  // how many references it followed

  heap::Heap* heap_ = nullptr;
  std::vector<uint8_t*> pending_;  // marked, fields not yet followed
};

}  // namespace slabhound::gc
