// Pattern: what assert_return expects of one result.
//
// 1. Numbers match bit by bit; `nan:canonical` and `nan:arithmetic` match as spec 4.3.3 defines
//    them; a v128 lane by lane.
// 2. A reference pattern matches by what the reference is, and by its hierarchy: a host object is
//    `ref.extern` where an external reference was returned and `ref.host` where an internal one
//    was.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "machine/outcome.h"
#include "wasm/type_store.h"

namespace slabhound::script {

enum class PatternKind : uint8_t {
  Number,         // exactly `number`
  Vector,         // a v128 of so many lanes as there are `choices`, a pattern for each
  CanonicalNan,   // of the type of `number`
  ArithmeticNan,  // likewise
  Null,           // of the hierarchy of `heap`, where one is given
  Host,           // the host object `host`, in the hierarchy of `heap`
  Reference,      // not null, of abstract type `heap`
  Either,         // one of `choices`
};

struct Pattern {
  PatternKind kind = PatternKind::Number;
  machine::Value number;
  std::optional<wasm::AbstractHeap> heap;
  uint32_t host = 0;
  std::vector<Pattern> choices;
};

bool Matches(const Pattern& pattern, const machine::Value& value, const wasm::TypeStore& types);

// As a script writes them.
std::string PatternText(const Pattern& pattern);
// The value of a pattern of numbers, if it is one.
std::optional<machine::Value> ConstantOf(const Pattern& pattern);

std::string ValueText(const machine::Value& value, const wasm::TypeStore& types);

}  // namespace slabhound::script
