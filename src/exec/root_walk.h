// RootWalk: one pass of a collector over the machine's roots. Each part of the machine shows it its
// own words, by reference.
#pragma once

#include "gc/collector.h"

namespace slabhound::exec {

class RootWalk {
 public:
  explicit RootWalk(gc::RootVisitor& visitor) : visitor_(visitor) {}

  void Visit(heap::Ref& ref) {
    ++words_;
    if (!ref.is_null() && !ref.is_i31()) visitor_.Visit(ref);
  }
  void Visit(uint64_t& word) {
    heap::Ref ref = heap::Ref::FromWord(word);
    Visit(ref);
    word = ref.word();
  }

  uint64_t words() const { return words_; }  // looked at so far

 private:
  gc::RootVisitor& visitor_;
  uint64_t words_ = 0;
};

}  // namespace slabhound::exec
