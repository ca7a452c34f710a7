// The shape of a minimized module: what it is made of, up to names, order and numbers.
//
// 1. A set of grams: short readable texts of one instruction, or of an instruction and one that
//    gives it an operand, with the kinds of the types that they name. Constants are 0, 1, -1,
//    small or big.
// 2. What only shows the finding is left out where it can be told: exports, drops, the plan.
// 3. At most kGramsMax grams: the first in their order.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "wasm/module.h"

namespace slabhound::cause {

inline constexpr size_t kGramsMax = 256;
inline constexpr size_t kGramBytesMax = 100;

struct Shape {
  std::vector<std::string> grams;  // sorted, each once
  friend bool operator==(const Shape&, const Shape&) = default;
};

// Requires: the module is valid.
Shape ShapeOf(const wasm::Module& module);

// What goes wrong in both cases: memory, which is corrupted wherever objects are made and looked
// at, or what some instruction does, which is then in the case.
enum class Broken : uint8_t { Memory, Instruction };

// 0 for equal shapes, 1 for those that have nothing in common.
double Distance(const Shape& a, const Shape& b, Broken broken = Broken::Memory);

}  // namespace slabhound::cause
