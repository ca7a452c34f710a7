// Digest of values: of a reference, a hash of the object graph it reaches, up to isomorphism.
//
// 1. Objects are numbered in order of a breadth-first walk from the roots; an object met again is
//    its number. So sharing and cycles count, identity and addresses do not.
// 2. A node is its canonical type (or tag), its length and its fields; i31 values, null, functions
//    and host objects (by number) are leaves.
// 3. A walk visits at most `objects_max` objects, and as many fields as its budget has left; what
//    lies beyond is told as cut, at the same place in every engine.
// 4. Portable forms log the words that are mixed here (trace/log.h), so nothing is told that Wasm
//    cannot see: an exception has no identity, a function often just a type.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "machine/machine.h"
#include "trace/log.h"
#include "trace/told.h"

namespace slabhound::trace {

// Fields that walks may still read: a large array that is logged in a loop must not cost seconds.
struct WalkBudget {
  uint32_t fields = 0;
  std::vector<uint64_t>* words = nullptr;  // where the words of walks go, if they are kept
};

// Numbers of objects by identity: a table with open addressing, never more than half full.
class ObjectNumbers {
 public:
  std::optional<uint32_t> Find(uint64_t identity) const;
  // Requires: the identity has none yet.
  void Insert(uint64_t identity, uint32_t number);

 private:
  struct Slot {
    uint64_t identity = 0;
    uint32_t number = 0;
    bool is_taken = false;
  };
  // Where the identity is, or would be. Requires: there are slots.
  size_t PlaceOf(uint64_t identity) const;

  std::vector<Slot> slots_;  // as many as a power of two
  size_t count_ = 0;
};

class Digest {
 public:
  Digest(machine::Machine& machine, uint32_t objects_max, WalkBudget& budget)
      : machine_(machine), objects_max_(objects_max), budget_(budget) {}

  // Adds a root to the walk; its number, from 0, when it is an object and was not cut.
  std::optional<uint32_t> Add(const machine::Value& value);

  // Walks what was added so far; more may be added behind it. The panic is of an object that could
  // not be read.
  Result<void, machine::Panic> Walk();

  // Of the roots so far and the objects walked so far.
  uint64_t hash() const { return hash_; }
  size_t object_count() const { return queue_.size(); }

  // Lets the walk go on to more objects, those first that were cut until now.
  void Extend(uint32_t objects_max);

 private:
  std::optional<uint32_t> AddRef(machine::Ref ref);
  void Mix(Word word) { Mix(static_cast<uint64_t>(word)); }
  void Mix(uint64_t value);

  machine::Machine& machine_;
  uint32_t objects_max_;
  WalkBudget& budget_;
  uint64_t hash_ = 0;
  size_t next_ = 0;
  ObjectNumbers numbers_;
  std::vector<machine::Ref> queue_;
  std::vector<machine::Ref> cut_;
};

// A value as traces tell it.
Result<Told, machine::Panic> TellValue(machine::Machine& machine, const machine::Value& value,
                                       WalkBudget& budget);

// The same for a root of a larger walk, with what adding it gave.
Told TellRoot(const machine::Machine& machine, const machine::Value& value,
              std::optional<uint32_t> number);

}  // namespace slabhound::trace
