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
  void Drain();

  heap::Heap* heap_ = nullptr;
  uint64_t followed_ = 0;
  std::vector<heap::Ref> pending_;  // marked, fields not yet followed
};

}  // namespace slabhound::gc
