// The words of the walks behind a trace's events (log.h), for who wants the graphs whose hashes the
// events tell. They are kept where a run is asked to: RunLimits::keep_walks.
//
// 1. An event's words are the walks of its objects (ToldKind::Object), value by value, each from
//    its New on. Other values have no words.
// 2. The final state is one walk. All its words are the first State event's: each export as its
//    event tells it, a table with all its elements, then the objects. Behind it, in engines of
//    this process, come what was cut, the rest of the store, and their objects.
// 3. They are no part of what is compared, and of the same run as the events.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace slabhound::trace {

class WalkWords {
 public:
  // Where walks write.
  std::vector<uint64_t>& words() { return words_; }

  // What was written since the last time is that of the event that comes next, or of none.
  void EndEvent(size_t event) {
    if (words_.empty()) return;
    ends_.resize(std::max(ends_.size(), event), ends_.empty() ? 0 : ends_.back());
    ends_.push_back(words_.size());
  }
  void Forget() { words_.resize(ends_.empty() ? 0 : ends_.back()); }

  std::span<const uint64_t> Of(size_t event) const {
    if (event >= ends_.size()) return {};
    const size_t begin = event == 0 ? 0 : ends_[event - 1];
    return std::span(words_).subspan(begin, ends_[event] - begin);
  }

 private:
  std::vector<uint64_t> words_;
  std::vector<size_t> ends_;  // by event
};

}  // namespace slabhound::trace
