// The extern table: host objects that Wasm holds, by generation-checked id.
//
// 1. One live entry per host object number; interning the same number gives the same Ref while it
//    lives.
// 2. Entries are freed by the collector when nothing reaches them; their ids are stale from then
//    on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "heap/ref.h"
#include "heap/slot_set.h"

namespace slabhound::heap {

class HostTable {
 public:
  Ref Intern(uint32_t number);
  // The host object's number; nothing for an id that is foreign or stale.
  std::optional<uint32_t> Find(Ref ref) const;
  // The number that stands in the entry, whichever id named it; nothing for a foreign one.
  std::optional<uint32_t> FindUnchecked(Ref ref) const;
  bool Exists(Ref ref) const { return ref.host_index() < entries_.size(); }

  // For collectors: indices of ids are below index_end(); visit(Ref) is called with each live entry
  // whose index is not in `spared`, and may free it.
  size_t index_end() const { return entries_.size(); }
  template <typename Visit>
  void ForEachLive(const SlotSet& spared, Visit visit) {
    if (by_number_.empty()) return;
    for (uint32_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].live && !spared.Contains(i)) visit(Ref::Host(i, entries_[i].generation));
    }
  }
  // Requires: a live entry's id.
  void Free(Ref ref);

  size_t live_count() const { return by_number_.size(); }

  // Whether each entry is live or free once, or retired, and live ones are found by their numbers.
  bool IsConsistent() const;

 private:
  friend class HostTablePeer;  // tests that break it on purpose

  struct Entry {
    uint32_t number = 0;
    uint32_t generation = 1;
    bool live = false;
  };
  std::vector<Entry> entries_;
  std::vector<uint32_t> free_;
  std::map<uint32_t, uint32_t> by_number_;
};

}  // namespace slabhound::heap
