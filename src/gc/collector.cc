#include "gc/collector.h"

#include "base/check.h"
#include "gc/copying.h"
#include "gc/deferred_rc.h"
#include "gc/generational.h"
#include "gc/mark_sweep.h"

namespace slabhound::gc {
namespace {

class NullCollector final : public Collector {
 public:
  uint64_t Collect(RootSource&, Extent) override { return 0; }
  void Verify(RootSource&) override {}
};

}  // namespace

std::unique_ptr<Collector> MakeCollector(CollectorKind kind, heap::Heap& heap) {
  switch (kind) {
    case CollectorKind::Null:
      return std::make_unique<NullCollector>();
    case CollectorKind::MarkSweep:
      return std::make_unique<MarkSweep>(heap);
    case CollectorKind::DeferredRc:
      return std::make_unique<DeferredRc>(heap);
    case CollectorKind::Copying:
      return std::make_unique<Copying>(heap);
    case CollectorKind::Generational:
      return std::make_unique<Generational>(heap);
  }
  UNREACHABLE();
}

}  // namespace slabhound::gc
