#include "gc/census.h"

#include <fmt/format.h>

#include <cstring>

#include "heap/layout.h"

namespace slabhound::gc {

using heap::Heap;
using heap::PanicKind;
using heap::Ref;

Census::Census(Heap& heap) : heap_(heap) {
  objects_.Reset(heap.index_end());
  hosts_.Reset(heap.hosts().index_end());
}

template <typename Visit>
void Census::ForEachField(Ref object, Visit visit) {
  const uint8_t* bytes = heap_.Deref(object);
  heap::Header header;
  std::memcpy(&header, bytes, sizeof header);
  const heap::Layout& layout = heap_.LayoutOfHeader(header);
  const wasm::TypeStore& types = heap_.layouts().types();
  for (uint32_t i = 0; i < header.length; ++i) {
    if (heap::IsTraced(types, layout.FieldAt(i).type)) {
      uint64_t word = 0;
      std::memcpy(&word, bytes + layout.OffsetAt(i), sizeof word);
      visit(Ref::FromWord(word));
    } else if (layout.is_array) {
      break;  // all elements are of the one type
    }
  }
}

std::string Census::Named(Ref ref) {
  if (ref.is_host()) return fmt::format("host object {} in the extern table", ref.host_index());
  constexpr std::string_view kKinds[] = {"struct of type", "array of type", "exception of tag"};
  const heap::Header& header = Heap::HeaderOf(heap_.Deref(ref));
  return fmt::format("the {} {} in slab {}, slot {}", kKinds[header.kind], +header.type, ref.slab(),
                     ref.slot());
}

void Census::Reach(Ref ref, Ref holder) {
  if (ref.is_null() || ref.is_i31()) return;
  if (!heap_.IsSound(ref)) {
    const std::string who = holder.is_null() ? "a root" : Named(holder);
    heap_.RaisePanic(ref.is_host() ? PanicKind::EarlyFreeOfHost : PanicKind::EarlyFree,
                     fmt::format("{} holds 0x{:x}, which lives no more", who, ref.word()));
  } else if (ref.is_host()) {
    hosts_.Insert(ref.host_index());
  } else if (objects_.Insert(Heap::IndexOf(ref))) {
    pending_.push_back(ref);
  }
}

void Census::Take(Frees frees) {
  while (!pending_.empty() && !heap_.panic()) {
    const Ref object = pending_.back();
    pending_.pop_back();
    ForEachField(object, [&](Ref field) { Reach(field, object); });
  }
  const bool owes = frees == Frees::Acyclic || frees == Frees::Everything;
  if (!heap_.panic() && owes) TakeLeaks(frees);
}

void Census::TakeLeaks(Frees frees) {
  std::vector<Ref> leaked, leaked_hosts;
  heap_.ForEachLive(objects_, [&](Ref ref) { leaked.push_back(ref); });
  heap_.hosts().ForEachLive(hosts_, [&](Ref ref) { leaked_hosts.push_back(ref); });
  if (frees == Frees::Acyclic) {
    // Only what is not reached can hold it.
    for (const Ref ref : leaked) {
      ForEachField(ref, [&](Ref field) {
        if (field.is_object()) objects_.Insert(Heap::IndexOf(field));
        if (field.is_host()) hosts_.Insert(field.host_index());
      });
    }
    std::erase_if(leaked, [&](Ref ref) { return objects_.Contains(Heap::IndexOf(ref)); });
    std::erase_if(leaked_hosts, [&](Ref ref) { return hosts_.Contains(ref.host_index()); });
  }
  const auto tell = [&](const std::vector<Ref>& lost, PanicKind kind) {
    if (lost.empty()) return;
    heap_.RaisePanic(kind, fmt::format("{} live that nothing reaches, first {}", lost.size(),
                                       Named(lost.front())));
  };
  tell(leaked, PanicKind::Leak);
  tell(leaked_hosts, PanicKind::LeakOfHost);
}

}  // namespace slabhound::gc
