#include "gc/collector.h"

#include "base/check.h"
#include "gc/mark_sweep.h"

namespace slabhound::gc {
namespace {

class NullCollector final : public Collector {
 public:
  uint64_t Collect(RootSource&) override { return 0; }
};

}  // namespace

std::unique_ptr<Collector> MakeCollector(CollectorKind kind, heap::Heap& heap) {
  switch (kind) {
    case CollectorKind::Null:
      return std::make_unique<NullCollector>();
    case CollectorKind::MarkSweep:
      return std::make_unique<MarkSweep>(heap);
  }
  UNREACHABLE();
}

}  // namespace slabhound::gc
