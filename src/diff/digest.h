// Digest of values: of a reference, a hash of the object graph it reaches, up to isomorphism.
//
// 1. Objects are numbered in order of a breadth-first walk from the roots; an object met again is
// its number. So
//    sharing and cycles count, identity and addresses do not.
// 2. A node is its canonical type (or tag), its length and its fields; i31 values, null, functions
// (by address) and
//    host objects (by number) are leaves.
// 3. A walk visits at most `objects_max` objects and kFieldsMax fields of all; what lies beyond is
// told as cut, the
//    same in every engine.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "embed/machine.h"

namespace slabhound::diff {

class Digest {
 public:
  static constexpr uint32_t kFieldsMax = 200'000;

  Digest(embed::Machine& machine, uint32_t objects_max)
      : machine_(machine), objects_max_(objects_max) {}

  // Adds a root to the walk.
  Result<void, embed::Panic> Add(const embed::Value& value);
  // Walks what was added; the hash of it all.
  Result<uint64_t, embed::Panic> Finish();

 private:
  Result<void, embed::Panic> AddRef(embed::Ref ref);
  void Mix(uint64_t value);

  embed::Machine& machine_;
  uint32_t objects_max_;
  uint64_t hash_ = 0;
  uint32_t fields_left_ = kFieldsMax;
  std::map<uint64_t, uint32_t> numbers_;  // identity -> number
  std::vector<embed::Ref> queue_;
};

// A value as traces write it: "i32 5", "f64 0x…", "null", "i31 3", "func 2", "host 1" or "object
// <digest>".
Result<std::string, embed::Panic> ValueText(embed::Machine& machine, const embed::Value& value);

}  // namespace slabhound::diff
