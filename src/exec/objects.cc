#include "exec/objects.h"

#include <fmt/format.h>

#include "base/check.h"
#include "exec/subtype.h"

namespace slabhound::exec {

Objects::Objects(const wasm::TypeStore& types, const machine::Limits& limits, const Config& config,
                 gc::RootSource& roots, RunState& run)
    : types_(types),
      fault_(config.fault),
      object_bytes_max_(limits.object_bytes_max),
      scheduler_(config.schedule),
      cost_per_point_(config.cost_per_point),
      has_minor_(gc::HasMinor(config.collector)),
      roots_(roots),
      run_(run),
      arena_(limits.heap_bytes_max),
      heap_(arena_.get(), types, limits.heap_bytes_max, config.settings, config.fault),
      collector_(gc::MakeCollector(config.collector, heap_)),
      verifier_(config.settings.verification, heap_, *collector_) {}

bool Objects::StopPanic(heap::PanicKind kind, std::string detail) {
  heap_.RaisePanic(kind, std::move(detail));
  return StopPanic();
}

machine::Panic Objects::PanicValue() const {
  CHECK(heap_.panic().has_value());
  const heap::Panic& panic = *heap_.panic();
  return {std::string(heap::PanicText(panic.kind)), panic.detail, heap::IsLeak(panic.kind)};
}

bool Objects::Collect(gc::Extent extent) {
  in_minor_ = has_minor_ && extent == gc::Extent::Minor;
  const uint64_t live_before = heap_.live_count();
  collection_cost_ = verifier_.Collect(roots_, extent);
  ++collections_;
  if (heap_.live_count() < live_before) ++frees_;
  in_minor_ = false;
  return !heap_.panic() || StopPanic();
}

bool Objects::Verify() {
  verifier_.Verify(roots_);
  return !heap_.panic() || StopPanic();
}

bool Objects::CollectOnSchedule() {
  if (points_to_pass_ > 0) {
    --points_to_pass_;
    return true;
  }
  if (!Collect(scheduler_.Next())) return false;
  if (cost_per_point_ != 0) points_to_pass_ = collection_cost_ / cost_per_point_;
  return true;
}

bool Objects::CollectAtSafepoint() { return !scheduler_.AtSafepoint() || CollectOnSchedule(); }

bool Objects::StopTooLarge(uint64_t bytes) {
  return run_.StopExhausted(machine::ResourceOf(bytes));
}

template <typename Allocate>
heap::Ref Objects::AllocateUnderSchedule(Allocate allocate) {
  const bool due = scheduler_.AtAllocation(heap_);
  if (due && !CollectOnSchedule()) return {};
  heap::Ref ref = allocate();
  if (!ref.is_null()) return ref;
  if (scheduler_.may_collect()) {
    if (!Collect(gc::Extent::Full)) return {};
    ref = allocate();
  }
  if (ref.is_null()) run_.StopExhausted(machine::Resource::Heap);
  return ref;
}

heap::Ref Objects::NewStructUnderSchedule(wasm::TypeId type) {
  return AllocateUnderSchedule([&] { return heap_.AllocateStruct(type); });
}
heap::Ref Objects::NewArray(wasm::TypeId type, uint32_t length) {
  return AllocateUnderSchedule([&] { return heap_.AllocateArray(type, length); });
}
heap::Ref Objects::NewException(machine::TagAddr tag) {
  return AllocateUnderSchedule([&] { return heap_.AllocateException(tag); });
}

uint8_t* Objects::Access(heap::Ref ref, wasm::TypeId type) {
  uint8_t* object = heap_.Deref(ref);
  if (object == nullptr) {
    StopPanic();
    return nullptr;
  }
  const heap::Header& header = heap::Heap::HeaderOf(object);
  if (static_cast<heap::ObjectKind>(header.kind) != heap::ObjectKind::Exn &&
      IsSubtype(types_, fault_, static_cast<wasm::TypeId>(+header.type), type)) {
    return object;
  }
  if (heap_.is_unchecked() && heap_.HasRoomFor(ref, type)) return object;
  StopPanic(heap::PanicKind::TypeMismatch,
            fmt::format("an object of type {} where type {} was promised", +header.type,
                        static_cast<uint32_t>(type)));
  return nullptr;
}

bool Objects::Matches(heap::Ref ref, wasm::ValType type) {
  const wasm::HeapType target = type.heap();
  if (ref.is_null()) {
    if (target.is_index() &&
        heap::Active(fault_, heap::Fault::NullConcreteMismatch, type.nullable())) {
      return false;
    }
    return type.nullable();
  }
  if (!target.is_index()) {
    switch (target.abstract()) {
      case wasm::AbstractHeap::Any:
      case wasm::AbstractHeap::Extern:
      case wasm::AbstractHeap::Exn:
        return true;
      case wasm::AbstractHeap::Eq:
        return !ref.is_host();
      case wasm::AbstractHeap::I31:
        return ref.is_i31();
      case wasm::AbstractHeap::Struct:
      case wasm::AbstractHeap::Array:
        break;
      default:
        return false;  // the bottom types
    }
  }
  if (!ref.is_object()) return false;
  uint8_t* object = heap_.Deref(ref);
  if (object == nullptr) return StopPanic();
  const heap::Header& header = heap::Heap::HeaderOf(object);
  const auto kind = static_cast<heap::ObjectKind>(header.kind);
  if (!target.is_index()) {
    return kind == (target.Is(wasm::AbstractHeap::Struct) ? heap::ObjectKind::Struct
                                                          : heap::ObjectKind::Array);
  }
  return kind != heap::ObjectKind::Exn &&
         IsSubtype(types_, fault_, static_cast<wasm::TypeId>(+header.type),
                   static_cast<wasm::TypeId>(target.index()));
}

}  // namespace slabhound::exec
