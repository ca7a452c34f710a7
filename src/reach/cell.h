// A cell of coverage: an instruction with the type that it is used at, and the states in which a
// case had it.
//
// 1. Instructions, shapes and states are the rows of instructions.def, shapes.def and states.def,
//    in their order; names are unique among each.
// 2. Where the type is a value's its nullability counts; elsewhere a cell is never nullable.
// 3. MayHold is true exactly for what valid code can have in that state. So a cell that may hold
//    and was never met is one that was never generated, or never run.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wasm/opcode.h"

namespace slabhound::reach {

enum class Instruction : uint8_t {
#define SLABHOUND_REACH(op, ...) op,
#include "reach/instructions.def"
};
inline constexpr size_t kInstructionCount = 0
#define SLABHOUND_REACH(...) +1
#include "reach/instructions.def"
    ;

enum class Shape : uint8_t {
#define SLABHOUND_SHAPE(name, ...) name,
#include "reach/shapes.def"
};
inline constexpr size_t kShapeCount = 0
#define SLABHOUND_SHAPE(...) +1
#include "reach/shapes.def"
    ;

enum class State : uint8_t {
#define SLABHOUND_STATE(name, ...) name,
#include "reach/states.def"
};
inline constexpr size_t kStateCount = 0
#define SLABHOUND_STATE(...) +1
#include "reach/states.def"
    ;

// Where the type of an instruction stands.
enum class Subject : uint8_t {
  Type,
  Heap,
  Target,
  Operand,
  Local,
  Global,
  Table,
  Elem,
  Select,
  Function,
  Tag,
  I31
};

struct InstructionInfo {
  wasm::Opcode op;
  Subject subject;
  char takes;

  // The type is one of values.
  constexpr bool tells_null() const {
    return subject >= Subject::Target && subject <= Subject::Select;
  }
};
const InstructionInfo& Info(Instruction instruction);
std::optional<Instruction> FindInstruction(wasm::Opcode op);

struct Cell {
  Instruction instruction = {};
  Shape shape = {};
  bool is_nullable = false;
  friend auto operator<=>(const Cell&, const Cell&) = default;
};

// A number for each, below kCellCount; of no other number there is a cell.
inline constexpr uint32_t kCellCount = kInstructionCount * kShapeCount * 2;
constexpr uint32_t IndexOf(const Cell& cell) {
  const size_t pair =
      static_cast<size_t>(cell.instruction) * kShapeCount + static_cast<size_t>(cell.shape);
  return static_cast<uint32_t>(pair * 2 + (cell.is_nullable ? 1 : 0));
}
constexpr Cell CellAt(uint32_t index) {
  return {static_cast<Instruction>(index / (2 * kShapeCount)),
          static_cast<Shape>(index / 2 % kShapeCount), index % 2 != 0};
}

bool MayHold(const Cell& cell, State state);

// "struct.get", "ref.test null"; "array of i8", "any or null"; "reused".
std::string InstructionName(Instruction instruction);
std::string TypeName(const Cell& cell);
std::string_view StateName(State state);
std::string_view StateText(State state);  // when it holds

// The cell of such names, which may be of a later version: then there is none.
std::optional<Cell> FindCell(std::string_view instruction, std::string_view type);
std::optional<State> FindState(std::string_view name);

}  // namespace slabhound::reach
