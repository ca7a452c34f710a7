#include "trace/digest.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace slabhound::trace {
namespace {

static_assert(static_cast<uint64_t>(machine::RefKind::Struct) ==
              static_cast<uint64_t>(NodeKind::Struct));
static_assert(static_cast<uint64_t>(machine::RefKind::Exn) == static_cast<uint64_t>(NodeKind::Exn));

bool IsObject(machine::Ref ref) { return ref.kind >= machine::RefKind::Struct; }

uint64_t WordOf(const machine::Machine& machine, machine::FuncAddr function) {
  return FunctionWord(machine.types(), machine.FunctionType(function), function);
}

// Of anything but an object.
Told TellLeaf(const machine::Machine& machine, const machine::Value& value) {
  if (value.type.is_vector()) return ToldVector(value.vector());
  if (!value.type.is_ref()) return ToldNumber(value.type, value.bits);
  switch (value.ref.kind) {
    case machine::RefKind::I31:
      return {ToldKind::I31, value.ref.payload};
    case machine::RefKind::Func:
      return ToldFunction(WordOf(machine, value.ref.payload));
    case machine::RefKind::Host:
      return {ToldKind::Host, value.ref.payload};
    default:
      return {ToldKind::Null, 0};
  }
}

}  // namespace

size_t ObjectNumbers::PlaceOf(uint64_t identity) const {
  const size_t mask = slots_.size() - 1;
  size_t place = HashCombine(0, identity) & mask;
  while (slots_[place].is_taken && slots_[place].identity != identity) place = (place + 1) & mask;
  return place;
}

std::optional<uint32_t> ObjectNumbers::Find(uint64_t identity) const {
  if (slots_.empty()) return std::nullopt;
  const Slot& slot = slots_[PlaceOf(identity)];
  return slot.is_taken ? std::optional(slot.number) : std::nullopt;
}

void ObjectNumbers::Insert(uint64_t identity, uint32_t number) {
  constexpr size_t kSlotsMin = 16;
  if (2 * (count_ + 1) > slots_.size()) {
    const std::vector<Slot> before =
        std::exchange(slots_, std::vector<Slot>(std::max(kSlotsMin, 2 * slots_.size())));
    for (const Slot& slot : before) {
      if (slot.is_taken) slots_[PlaceOf(slot.identity)] = slot;
    }
  }
  slots_[PlaceOf(identity)] = {identity, number, /*is_taken=*/true};
  ++count_;
}

void Digest::Mix(uint64_t value) {
  hash_ = HashCombine(hash_, value);
  if (budget_.words != nullptr) budget_.words->push_back(value);
}

std::optional<uint32_t> Digest::Add(const machine::Value& value) {
  if (value.type.is_ref()) return AddRef(value.ref);
  Mix(value.type.is_vector() ? Word::Vector : Word::Number);
  Mix(value.bits);
  if (value.type.is_vector()) Mix(value.high);
  return std::nullopt;
}

std::optional<uint32_t> Digest::AddRef(machine::Ref ref) {
  switch (ref.kind) {
    case machine::RefKind::Null:
      Mix(Word::Null);
      return std::nullopt;
    case machine::RefKind::I31:
      Mix(Word::I31);
      Mix(ref.payload);
      return std::nullopt;
    case machine::RefKind::Func:
      Mix(Word::Func);
      Mix(WordOf(machine_, ref.payload));
      return std::nullopt;
    case machine::RefKind::Host:
      Mix(Word::Host);
      Mix(ref.payload);
      return std::nullopt;
    case machine::RefKind::Struct:
    case machine::RefKind::Array:
    case machine::RefKind::Exn:
      break;
  }
  // What was cut gets no number, so that each mention of it is a cut.
  const auto number = static_cast<uint32_t>(queue_.size());
  if (ref.kind != machine::RefKind::Exn) {
    const uint64_t identity = machine_.Identity(ref);
    if (const auto seen = numbers_.Find(identity)) {
      Mix(Word::Seen);
      Mix(*seen);
      return seen;
    }
    if (number < objects_max_) numbers_.Insert(identity, number);
  }
  if (number >= objects_max_) {
    Mix(Word::Cut);
    cut_.push_back(ref);
    return std::nullopt;
  }
  Mix(Word::New);
  queue_.push_back(ref);
  return number;
}

void Digest::Extend(uint32_t objects_max) {
  objects_max_ = objects_max;
  const std::vector<machine::Ref> cut = std::exchange(cut_, {});
  for (const machine::Ref ref : cut) AddRef(ref);
}

Result<void, machine::Panic> Digest::Walk() {
  for (; next_ < queue_.size(); ++next_) {
    const machine::Ref object = queue_[next_];
    TRY_ASSIGN(const machine::ObjectInfo info, machine_.Inspect(object));
    Mix(static_cast<uint64_t>(info.kind));
    Mix(info.kind == machine::RefKind::Exn ? info.tag : static_cast<uint64_t>(info.type));
    Mix(info.field_count);
    for (uint32_t i = 0; i < info.field_count; ++i) {
      if (budget_.fields == 0) {
        Mix(Word::FieldsOut);
        break;
      }
      --budget_.fields;
      TRY_ASSIGN(const machine::Value field, machine_.ReadField(object, i));
      Add(field);
    }
  }
  return {};
}

Result<Told, machine::Panic> TellValue(machine::Machine& machine, const machine::Value& value,
                                       WalkBudget& budget) {
  if (!value.type.is_ref() || !IsObject(value.ref)) return TellLeaf(machine, value);
  Digest digest(machine, kValueObjectsMax, budget);
  digest.Add(value);
  TRY(digest.Walk());
  return Told{ToldKind::Object, digest.hash()};
}

Told TellRoot(const machine::Machine& machine, const machine::Value& value,
              std::optional<uint32_t> number) {
  if (!value.type.is_ref() || !IsObject(value.ref)) return TellLeaf(machine, value);
  return number ? Told{ToldKind::Root, *number} : Told{ToldKind::Cut, 0};
}

}  // namespace slabhound::trace
