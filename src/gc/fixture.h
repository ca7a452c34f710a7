// For tests of this room: a heap with a few types, roots, and every collector there is.
#pragma once

#include <utility>
#include <vector>

#include "gc/collector.h"
#include "heap/heap.h"

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

struct Trial {
  CollectorKind kind;
  Frees minor, full;
  Frees Of(Extent extent) const { return extent == Extent::Minor ? minor : full; }
};

inline std::vector<Trial> Trials() {
  return {
#define SLABHOUND_COLLECTOR(name, text, minor, full, ...) \
  Trial{CollectorKind::name, Frees::minor, Frees::full},
#include "gc/collectors.def"
  };
}

}  // namespace slabhound::gc
