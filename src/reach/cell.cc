#include "reach/cell.h"

#include <algorithm>
#include <array>
#include <map>

namespace slabhound::reach {
namespace {

struct ShapeInfo {
  std::string_view text, letters;
  constexpr bool Has(char letter) const {
    return letter == '*' || letters.find(letter) != std::string_view::npos;
  }
};
struct StateInfo {
  std::string_view name, text;
};

constexpr std::array kInstructions = {
#define SLABHOUND_REACH(op, subject, takes) \
  InstructionInfo{wasm::Opcode::op, Subject::subject, takes},
#include "reach/instructions.def"
};
constexpr std::array kShapes = {
#define SLABHOUND_SHAPE(name, ...) ShapeInfo{__VA_ARGS__},
#include "reach/shapes.def"
};
constexpr std::array kStates = {
#define SLABHOUND_STATE(name, ...) StateInfo{__VA_ARGS__},
#include "reach/states.def"
};

constexpr std::string_view kNullable = " or null";

}  // namespace

const InstructionInfo& Info(Instruction instruction) {
  return kInstructions[static_cast<size_t>(instruction)];
}

std::optional<Instruction> FindInstruction(wasm::Opcode op) {
  static const std::array<uint8_t, wasm::kOpcodeCount> rows = [] {
    std::array<uint8_t, wasm::kOpcodeCount> made;
    made.fill(kInstructionCount);
    for (size_t i = 0; i < kInstructionCount; ++i) {
      made[static_cast<size_t>(kInstructions[i].op)] = static_cast<uint8_t>(i);
    }
    return made;
  }();
  const uint8_t row = rows[static_cast<size_t>(op)];
  if (row == kInstructionCount) return std::nullopt;
  return static_cast<Instruction>(row);
}

bool MayHold(const Cell& cell, State state) {
  const InstructionInfo& info = Info(cell.instruction);
  const ShapeInfo& shape = kShapes[static_cast<size_t>(cell.shape)];
  if (cell.is_nullable && !info.tells_null()) return false;
  if (!shape.Has(info.takes)) return false;
  // There is no value of such a type, nor anything that would begin with one. A cast to it can be,
  // and an empty segment.
  const bool needs_value =
      info.tells_null() && info.subject != Subject::Target && info.subject != Subject::Elem;
  return state == State::Generated || !needs_value || cell.is_nullable || !shape.Has('!');
}

std::string InstructionName(Instruction instruction) {
  const wasm::Opcode op = Info(instruction).op;
  const bool is_second = op == wasm::Opcode::RefTestNull || op == wasm::Opcode::RefCastNull;
  return std::string(wasm::Info(op).text) + (is_second ? " null" : "");
}

std::string TypeName(const Cell& cell) {
  return std::string(kShapes[static_cast<size_t>(cell.shape)].text) +
         std::string(cell.is_nullable ? kNullable : "");
}

std::string_view StateName(State state) { return kStates[static_cast<size_t>(state)].name; }
std::string_view StateText(State state) { return kStates[static_cast<size_t>(state)].text; }

std::optional<Cell> FindCell(std::string_view instruction, std::string_view type) {
  Cell cell;
  if (type.ends_with(kNullable)) {
    cell.is_nullable = true;
    type.remove_suffix(kNullable.size());
  }
  const auto shape = std::ranges::find(kShapes, type, &ShapeInfo::text);
  static const std::map<std::string, Instruction, std::less<>> by_name = [] {
    std::map<std::string, Instruction, std::less<>> made;
    for (size_t i = 0; i < kInstructionCount; ++i) {
      made.emplace(InstructionName(static_cast<Instruction>(i)), static_cast<Instruction>(i));
    }
    return made;
  }();
  const auto found = by_name.find(instruction);
  if (shape == kShapes.end() || found == by_name.end()) return std::nullopt;
  cell.instruction = found->second;
  cell.shape = static_cast<Shape>(shape - kShapes.begin());
  return cell;
}

std::optional<State> FindState(std::string_view name) {
  const auto found = std::ranges::find(kStates, name, &StateInfo::name);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<State>(found - kStates.begin());
}

}  // namespace slabhound::reach
