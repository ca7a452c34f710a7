// The heap of an engine that does not check its references, for `unchecked` of settings.def.
//
// 1. A reference to a slot that was freed reads what stands there: what it was before, for nothing
//    is poisoned then, or the next object.
// 2. Where that is no object, or where none was, there is the one panic that is left: the memory
//    fault of such an engine.
// 3. Nothing outside the slot is read or written, whatever the reference.
#include <fmt/format.h>

#include "heap/heap.h"

namespace slabhound::heap {

uint8_t* Heap::DerefUnchecked(Ref ref) {
  if (ref.is_object() && ref.index() < slots_.size() && !slots_[ref.index()].is_none()) {
    uint8_t* object = AddressOf(ref.index());
    const Header& header = HeaderOf(object);
    if (layouts_.IsMade(header) && HeaderIsValid(header, slabs_[ref.slab()])) return object;
  }
  RaisePanic(PanicKind::MemoryFault, fmt::format("0x{:x} names no object", ref.word()));
  return nullptr;
}

bool Heap::HasRoomFor(Ref ref, wasm::TypeId type) {
  const Layout& layout = layouts_.Of(type);
  const uint64_t length = layout.is_array ? HeaderOf(AddressOf(ref.index())).length : 0;
  return layout.bytes + length * layout.element_bytes <= RoomOf(slabs_[ref.slab()]);
}

}  // namespace slabhound::heap
