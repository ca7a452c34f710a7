#include "episode/outcomes.h"

#include <optional>
#include <span>

namespace slabhound::episode {
namespace {

using machine::RefKind;
using machine::Value;
using trace::Told;
using trace::ToldKind;
using wasm::AbstractHeap;
using wasm::ValType;

std::optional<ToldKind> NumberKind(ValType type) {
  if (type == ValType::I32) return ToldKind::I32;
  if (type == ValType::I64) return ToldKind::I64;
  if (type == ValType::F32) return ToldKind::F32;
  return type == ValType::F64 ? std::optional(ToldKind::F64) : std::nullopt;
}

std::optional<Value> ValueOf(const Told& told, ValType type) {
  if (!type.is_ref()) {
    if (type.is_vector()) {
      if (told.kind != ToldKind::V128) return std::nullopt;
      return Value::Vector({told.bits, told.high});
    }
    return told.kind == NumberKind(type) ? std::optional(Value{type, told.bits, {}}) : std::nullopt;
  }
  const auto reference = [&](RefKind kind, uint64_t payload) {
    return Value::Reference(type, {kind, static_cast<uint32_t>(payload)});
  };
  switch (told.kind) {
    case ToldKind::Null:
      return reference(RefKind::Null, 0);
    case ToldKind::I31:
      return reference(RefKind::I31, told.bits);
    case ToldKind::Func:
    case ToldKind::FuncOfType:
      return reference(RefKind::Func, told.bits);
    case ToldKind::Host:
      return reference(RefKind::Host, told.bits);
    case ToldKind::Object:
      return reference(type.heap().Is(AbstractHeap::Exn) ? RefKind::Exn : RefKind::Struct, 0);
    default:
      return std::nullopt;
  }
}

// The kind of object that the next of `kinds` says: 0 none, 1 a structure, 2 an array.
bool TakeKind(std::span<const Told>& kinds, Value& value) {
  if (kinds.empty() || kinds.front().kind != ToldKind::I32 || kinds.front().bits > 2) return false;
  const uint64_t kind = kinds.front().bits;
  kinds = kinds.subspan(1);
  if ((value.ref.kind == RefKind::Struct) != (kind != 0)) return false;
  if (kind == 2) value.ref.kind = RefKind::Array;
  return true;
}

std::optional<machine::Returned> Results(std::span<const Told> told,
                                         const std::vector<ValType>& types) {
  if (told.size() < types.size()) return std::nullopt;
  machine::Returned returned;
  for (size_t i = 0; i < types.size(); ++i) {
    auto value = ValueOf(told[i], types[i]);
    if (!value) return std::nullopt;
    returned.values.push_back(*value);
  }
  std::span<const Told> kinds = told.subspan(types.size());
  for (Value& value : returned.values) {
    const bool has_kind = value.type == ValType::Ref(AbstractHeap::Any, true);
    if (has_kind && !TakeKind(kinds, value)) return std::nullopt;
  }
  if (!kinds.empty()) return std::nullopt;
  return returned;
}

std::vector<machine::Outcome> TrapsOf(trace::TrapSet traps) {
  if (traps == trace::TrapSet::Any()) return {};  // a message that the table does not know
  std::vector<machine::Outcome> outcomes;
#define SLABHOUND_TRAP(name, ...)                               \
  if (traps.Has(machine::TrapKind::name)) {                     \
    outcomes.push_back(machine::Trap{machine::TrapKind::name}); \
  }
#include "machine/traps.def"
  return outcomes;
}

}  // namespace

std::vector<machine::Outcome> OutcomesOf(const trace::Happening& ending,
                                         const std::vector<ValType>& results) {
  if (std::holds_alternative<trace::Instantiated>(ending)) return {machine::Returned{}};
  if (const auto* returned = std::get_if<trace::Returned>(&ending)) {
    const auto values = Results(returned->values, results);
    return values ? std::vector<machine::Outcome>{*values} : std::vector<machine::Outcome>();
  }
  if (const auto* trapped = std::get_if<trace::Trapped>(&ending)) return TrapsOf(trapped->traps);
  if (std::holds_alternative<trace::Threw>(ending)) return {machine::Thrown{{RefKind::Exn, 0}}};
  const auto* exhausted = std::get_if<trace::Exhausted>(&ending);
  if (exhausted == nullptr) return {};
  switch (exhausted->limit) {
    case trace::Limit::CallDepth:
    case trace::Limit::Stack:
      return {machine::Exhausted{machine::Resource::CallDepth}};
    case trace::Limit::Fuel:
      return {machine::Exhausted{machine::Resource::Fuel}};
    default:
      return {};
  }
}

}  // namespace slabhound::episode
