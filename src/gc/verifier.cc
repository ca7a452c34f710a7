#include "gc/verifier.h"

namespace slabhound::gc {
namespace {

// Where the stack is not known.
struct NoRoots final : RootSource {
  uint64_t VisitRoots(RootVisitor&) override { return 0; }
};

}  // namespace

Verifier::Verifier(heap::Verification level, heap::Heap& heap, Collector& collector)
    : level_(level), heap_(heap), collector_(collector), own_(heap.barriers()) {
  if (level == heap::Verification::Mutations) heap.set_barriers(this);
}

uint64_t Verifier::Collect(RootSource& roots, Extent extent) {
  is_collecting_ = true;
  const uint64_t cost = collector_.Collect(roots, extent);
  is_collecting_ = false;
  if (level_ != heap::Verification::OnRequest) Verify(roots);
  return cost;
}

void Verifier::Verify(RootSource& roots) {
  if (heap_.is_unchecked()) return;
  if (!heap_.panic()) heap_.Verify();
  if (!heap_.panic()) collector_.Verify(roots);
}

void Verifier::Mutates() {
  if (is_collecting_) return;
  if (mutations_to_pass_ > 0) {
    --mutations_to_pass_;
    return;
  }
  NoRoots none;
  Verify(none);
  constexpr uint64_t kObjectsPerMutation = 16;
  mutations_to_pass_ = heap_.live_count() / kObjectsPerMutation;
}

void Verifier::Allocated(heap::Ref object) {
  if (own_ != nullptr) own_->Allocated(object);
  Mutates();
}

void Verifier::Initializing(heap::Ref object, heap::Ref value) {
  Mutates();
  if (own_ != nullptr) own_->Initializing(object, value);
}

void Verifier::Overwriting(heap::Ref object, heap::Ref old, heap::Ref value) {
  Mutates();
  if (own_ != nullptr) own_->Overwriting(object, old, value);
}

void Verifier::Loaded(heap::Ref value) {
  if (own_ != nullptr) own_->Loaded(value);
}

}  // namespace slabhound::gc
