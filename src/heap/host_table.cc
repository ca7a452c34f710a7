#include "heap/host_table.h"

#include "base/check.h"

namespace slabhound::heap {

Ref HostTable::Intern(uint32_t number) {
  const auto [found, added] = by_number_.try_emplace(number, 0);
  if (added) {
    if (free_.empty()) {
      found->second = static_cast<uint32_t>(entries_.size());
      entries_.emplace_back();
    } else {
      found->second = free_.back();
      free_.pop_back();
    }
    entries_[found->second].number = number;
    entries_[found->second].live = true;
  }
  return Ref::Host(found->second, entries_[found->second].generation);
}

std::optional<uint32_t> HostTable::Find(Ref ref) const {
  if (!ref.is_host() || !Exists(ref)) return std::nullopt;
  const Entry& entry = entries_[ref.host_index()];
  if (!entry.live || entry.generation != ref.generation()) return std::nullopt;
  return entry.number;
}

std::optional<uint32_t> HostTable::FindUnchecked(Ref ref) const {
  if (!ref.is_host() || !Exists(ref)) return std::nullopt;
  return entries_[ref.host_index()].number;
}

void HostTable::Free(Ref ref) {
  CHECK(Find(ref).has_value());
  Entry& entry = entries_[ref.host_index()];
  by_number_.erase(entry.number);
  entry.live = false;
  // An entry whose generations ran out is never used again.
  if (entry.generation < Ref::kGenerationMax) {
    ++entry.generation;
    free_.push_back(ref.host_index());
  }
}

bool HostTable::IsConsistent() const {
  SlotSet listed;
  listed.Grow(entries_.size());
  for (const uint32_t index : free_) {
    if (index >= entries_.size() || entries_[index].live || !listed.Insert(index)) return false;
  }
  size_t live = 0;
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    if (!entry.live) {
      if (!listed.Contains(i) && entry.generation < Ref::kGenerationMax) return false;
      continue;
    }
    ++live;
    const auto found = by_number_.find(entry.number);
    if (found == by_number_.end() || found->second != i) return false;
  }
  return live == by_number_.size();
}

}  // namespace slabhound::heap
