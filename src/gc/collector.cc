#include "gc/collector.h"

#include "base/check.h"

namespace slabhound::gc {
namespace {

class Null final : public Collector {
 public:
  explicit Null(heap::Heap&) {}
  uint64_t Collect(RootSource&, Extent) override { return 0; }
  void Verify(RootSource&) override {}
};

}  // namespace

std::unique_ptr<Collector> MakeNull(heap::Heap& heap) { return std::make_unique<Null>(heap); }

std::unique_ptr<Collector> MakeCollector(CollectorKind kind, heap::Heap& heap) {
  switch (kind) {
#define SLABHOUND_COLLECTOR(name, ...) \
  case CollectorKind::name:            \
    return Make##name(heap);
#include "gc/collectors.def"
  }
  UNREACHABLE();
}

}  // namespace slabhound::gc
