// For tests of this room: a heap with a few types, roots, and every collector there is. Two of them
// are here, small and slow, and show what the contract admits: one moves objects, one counts
// references.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gc/collector.h"
#include "heap/heap.h"
#include "heap/slot_set.h"

namespace slabhound::gc {

// $pair = (struct (mut anyref) (mut anyref)), arrays of anyref and of bytes, and a tag with an
// anyref and an i32.
struct Shapes {
  static wasm::TypeId Add(wasm::TypeStore& types, wasm::CompositeType composite) {
    const wasm::SubType type{.is_final = true, .supers = {}, .composite = std::move(composite)};
    return types.AddGroup({&type, 1}, 0, 1, {});
  }
  static constexpr wasm::ValType kAny = wasm::ValType::Ref(wasm::AbstractHeap::Any, true);

  wasm::TypeStore types;
  wasm::TypeId pair = Add(types, wasm::StructType{{{kAny, true}, {kAny, true}}});
  wasm::TypeId refs = Add(types, wasm::ArrayType{{kAny, true}});
  wasm::TypeId bytes = Add(types, wasm::ArrayType{{wasm::StorageType::I8, true}});
  wasm::TypeId tag_type = Add(types, wasm::FuncType{{kAny, wasm::ValType::I32}, {}});
};

struct Roots final : RootSource {
  std::vector<heap::Ref> refs;
  uint64_t VisitRoots(RootVisitor& visitor) override {
    for (heap::Ref& ref : refs) visitor.Visit(ref);
    return refs.size();
  }
};

// Copies what is reached to other slots, as far as there is room, and frees the rest.
class MovingCollector final : public Collector, private RootVisitor {
 public:
  explicit MovingCollector(heap::Heap& heap) : heap_(heap) {}

  uint64_t Collect(RootSource& roots) override {
    forwards_.assign(heap_.index_end(), {});
    hosts_.Reset(heap_.hosts().index_end());
    reached_.clear();
    roots.VisitRoots(*this);
    for (size_t i = 0; i < reached_.size() && !heap_.panic(); ++i) {
      heap_.ForEachRef(heap_.Deref(reached_[i]), [this](heap::Ref& field) { Visit(field); });
    }
    if (heap_.panic()) return reached_.size();
    heap::SlotSet kept;
    kept.Grow(heap_.index_end());
    for (const heap::Ref ref : reached_) kept.Insert(heap::Heap::IndexOf(ref));
    heap_.hosts().ForEachLive(hosts_, [this](heap::Ref ref) { heap_.hosts().Free(ref); });
    return heap_.ForEachLive(kept, [this](heap::Ref ref) { heap_.Free(ref); });
  }

 private:
  void Visit(heap::Ref& ref) override {
    if (ref.is_null() || ref.is_i31()) return;
    if (ref.is_host()) {
      if (heap_.HostNumber(ref)) hosts_.Insert(ref.host_index());
      return;
    }
    if (heap_.Deref(ref) == nullptr) return;
    heap::Ref& forward = forwards_[heap::Heap::IndexOf(ref)];
    if (forward.is_null()) {
      const heap::Ref copy = heap_.AllocateCopy(ref);
      forward = copy.is_null() ? ref : copy;
      reached_.push_back(forward);
    }
    ref = forward;
  }

  heap::Heap& heap_;
  std::vector<heap::Ref> forwards_;  // by index: where the object went, in this collection
  std::vector<heap::Ref> reached_;   // in their new places; fields are followed in this order
  heap::SlotSet hosts_;
};

// Counts references out of fields; frees objects that no field and no root holds, and what falls
// with them. Cycles and host objects stay.
class CountingCollector final : public Collector, private RootVisitor, private heap::Barriers {
 public:
  explicit CountingCollector(heap::Heap& heap) : heap_(heap) { heap.set_barriers(this); }

  uint64_t Collect(RootSource& roots) override {
    held_.Reset(heap_.index_end());
    roots.VisitRoots(*this);
    if (heap_.panic()) return 0;
    std::vector<heap::Ref> dead;
    const uint64_t cost = heap_.ForEachLive(held_, [&](heap::Ref ref) {
      if (Count(ref) == 0) dead.push_back(ref);
    });
    while (!dead.empty()) {
      const heap::Ref ref = dead.back();
      dead.pop_back();
      heap_.ForEachRef(heap_.Deref(ref), [&](heap::Ref field) {
        if (!field.is_object()) return;
        if (--Count(field) == 0 && !held_.Contains(heap::Heap::IndexOf(field)))
          dead.push_back(field);
      });
      heap_.Free(ref);
    }
    return cost;
  }

 private:
  void Visit(heap::Ref& root) override {
    if (root.is_host()) {
      heap_.HostNumber(root);
    } else if (root.is_object() && heap_.Deref(root) != nullptr) {
      held_.Insert(heap::Heap::IndexOf(root));
    }
  }
  void Allocated(heap::Ref object) override {
    counts_.resize(heap_.index_end());
    Count(object) = 0;
  }
  void Initializing(heap::Ref, heap::Ref value) override {
    if (value.is_object()) ++Count(value);
  }
  void Overwriting(heap::Ref object, heap::Ref old, heap::Ref value) override {
    Initializing(object, value);
    if (old.is_object()) --Count(old);
  }
  void Loaded(heap::Ref) override {}
  uint32_t& Count(heap::Ref ref) { return counts_[heap::Heap::IndexOf(ref)]; }

  heap::Heap& heap_;
  std::vector<uint32_t> counts_;  // by index
  heap::SlotSet held_;            // by roots
};

// What a collector surely frees.
enum class Frees : uint8_t { Nothing, Acyclic, Everything };

struct Trial {
  std::string name;
  Frees frees;
  std::function<std::unique_ptr<Collector>(heap::Heap&)> make;
};

inline std::vector<Trial> Trials() {
  std::vector<Trial> trials;
  const auto add = [&](CollectorKind kind) {
    trials.push_back({std::string(CollectorName(kind)),
                      kind == CollectorKind::Null ? Frees::Nothing : Frees::Everything,
                      [kind](heap::Heap& heap) { return MakeCollector(kind, heap); }});
  };
#define SLABHOUND_COLLECTOR(name, ...) add(CollectorKind::name);
#include "gc/collectors.def"
  trials.push_back({"moving", Frees::Everything,
                    [](heap::Heap& heap) { return std::make_unique<MovingCollector>(heap); }});
  trials.push_back({"counting", Frees::Acyclic,
                    [](heap::Heap& heap) { return std::make_unique<CountingCollector>(heap); }});
  return trials;
}

}  // namespace slabhound::gc
