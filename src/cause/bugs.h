// Symptoms become bugs: those whose minimized cases have the same cause.
//
// 1. Symptoms have one cause when their variant vectors agree (key.h) and they are near: by the
//    distance of their shapes, and by the share of the vectors' cells that differ by luck, on the
//    average of all pairs (linkage.h). Where one release brought it and another cured it, equal
//    vectors tell more: then shapes may be further apart. A symptom without a key is a bug of its
//    own: it is not minimized. But one that does not fail every time joins the same symptom that
//    does.
// 2. What was merged or split by hand comes before that: a split symptom is merged with none but
//    those that it was merged with by hand.
// 3. It does not depend on the order of the symptoms. The most severe bug comes first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cause/key.h"
#include "diff/signature.h"

namespace slabhound::cause {

// What is further apart is of different bugs. Measured on findings of Wasmtime 31.0.0, 43.0.0 and
// 45.0.0, and of faults in the slab engine, labelled by what cures them: 0.78 to 0.82 give nearly
// the same bugs.
inline constexpr double kNear = 0.82;
// So much nearer are two with one vector that begins and ends within the releases that were tried.
inline constexpr double kSameRange = 0.1;

struct Symptom {
  std::string slug;  // of its signature: unique
  diff::Signature signature;
  std::optional<Key> key;
  uint64_t count = 0;  // cases
  uint64_t bytes = 0;  // of its smallest case
};

// By hand. Slugs that no symptom has are of no effect.
struct Overrides {
  std::vector<std::pair<std::string, std::string>> merged;
  std::vector<std::string> split;
  std::vector<std::pair<std::string, std::string>> labels;  // slug of a member, text
  friend bool operator==(const Overrides&, const Overrides&) = default;
};

struct Member {
  std::string slug;
  std::string why;  // "same vector, shape distance 0.10"; "by hand"; of the representative empty
  friend bool operator==(const Member&, const Member&) = default;
};

struct Bug {
  std::string representative;                // slug of the member with the smallest case
  std::vector<Member> members;               // the representative first, the others by slug
  Severity severity = Severity::WrongValue;  // of the most severe member
  std::string label;                         // by hand; may be empty
  bool minimized = false;                    // it has a key
  uint64_t count = 0;                        // cases of all members
  friend bool operator==(const Bug&, const Bug&) = default;
};

std::vector<Bug> BugsOf(const std::vector<Symptom>& symptoms, const Overrides& overrides = {});

}  // namespace slabhound::cause
