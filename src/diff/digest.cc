#include "diff/digest.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <utility>

#include "base/hash.h"

namespace slabhound::diff {
namespace {

using testcase::Word;

static_assert(static_cast<uint64_t>(embed::RefKind::Struct) ==
              static_cast<uint64_t>(testcase::NodeKind::Struct));
static_assert(static_cast<uint64_t>(embed::RefKind::Exn) ==
              static_cast<uint64_t>(testcase::NodeKind::Exn));

bool IsObject(embed::Ref ref) { return ref.kind >= embed::RefKind::Struct; }

uint64_t FunctionWord(const embed::Machine& machine, embed::FuncAddr function) {
  return testcase::FunctionWord(machine.types(), machine.FunctionType(function), function);
}

// Of anything but an object.
std::string LeafText(const embed::Machine& machine, const embed::Value& value) {
  if (!value.type.is_ref()) return NumberText(value.type, value.bits);
  switch (value.ref.kind) {
    case embed::RefKind::Null:
      return "null";
    case embed::RefKind::I31:
      return fmt::format("i31 {}", value.ref.payload);
    case embed::RefKind::Func:
      return FunctionText(FunctionWord(machine, value.ref.payload));
    case embed::RefKind::Host:
      return fmt::format("host {}", value.ref.payload);
    default:
      return "object";
  }
}

}  // namespace

void Digest::Mix(uint64_t value) { hash_ = HashCombine(hash_, value); }

std::optional<uint32_t> Digest::Add(const embed::Value& value) {
  if (value.type.is_ref()) return AddRef(value.ref);
  Mix(Word::Number);
  Mix(value.bits);
  return std::nullopt;
}

std::optional<uint32_t> Digest::AddRef(embed::Ref ref) {
  switch (ref.kind) {
    case embed::RefKind::Null:
      Mix(Word::Null);
      return std::nullopt;
    case embed::RefKind::I31:
      Mix(Word::I31);
      Mix(ref.payload);
      return std::nullopt;
    case embed::RefKind::Func:
      Mix(Word::Func);
      Mix(FunctionWord(machine_, ref.payload));
      return std::nullopt;
    case embed::RefKind::Host:
      Mix(Word::Host);
      Mix(ref.payload);
      return std::nullopt;
    case embed::RefKind::Struct:
    case embed::RefKind::Array:
    case embed::RefKind::Exn:
      break;
  }
  // What was cut gets no number, so that each mention of it is a cut.
  const auto number = static_cast<uint32_t>(queue_.size());
  if (ref.kind != embed::RefKind::Exn) {
    const uint64_t identity = machine_.Identity(ref);
    const auto found = numbers_.find(identity);
    if (found != numbers_.end()) {
      Mix(Word::Seen);
      Mix(found->second);
      return found->second;
    }
    if (number < objects_max_) numbers_.emplace(identity, number);
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
  const std::vector<embed::Ref> cut = std::exchange(cut_, {});
  for (const embed::Ref ref : cut) AddRef(ref);
}

Result<void, embed::Panic> Digest::Walk() {
  for (; next_ < queue_.size(); ++next_) {
    const embed::Ref object = queue_[next_];
    TRY_ASSIGN(const embed::ObjectInfo info, machine_.Inspect(object));
    Mix(static_cast<uint64_t>(info.kind));
    Mix(info.kind == embed::RefKind::Exn ? info.tag : static_cast<uint64_t>(info.type));
    Mix(info.field_count);
    for (uint32_t i = 0; i < info.field_count; ++i) {
      if (budget_.fields == 0) {
        Mix(Word::FieldsOut);
        break;
      }
      --budget_.fields;
      TRY_ASSIGN(const embed::Value field, machine_.ReadField(object, i));
      Add(field);
    }
  }
  return {};
}

std::string FunctionText(uint64_t word) {
  return word < testcase::kFunctionType
             ? fmt::format("func {}", word)
             : fmt::format("func of type {}", static_cast<uint32_t>(word));
}

std::string NumberText(wasm::ValType type, uint64_t bits) {
  switch (type.kind()) {
    case wasm::TypeKind::I32:
      return fmt::format(FMT_COMPILE("i32 {}"), static_cast<int32_t>(static_cast<uint32_t>(bits)));
    case wasm::TypeKind::I64:
      return fmt::format(FMT_COMPILE("i64 {}"), static_cast<int64_t>(bits));
    case wasm::TypeKind::F32:
      return fmt::format(FMT_COMPILE("f32 0x{:08x}"), static_cast<uint32_t>(bits));
    default:
      return fmt::format(FMT_COMPILE("f64 0x{:016x}"), bits);
  }
}

Result<std::string, embed::Panic> ValueText(embed::Machine& machine, const embed::Value& value,
                                            WalkBudget& budget) {
  if (!value.type.is_ref() || !IsObject(value.ref)) return LeafText(machine, value);
  Digest digest(machine, testcase::kValueObjectsMax, budget);
  digest.Add(value);
  TRY(digest.Walk());
  return fmt::format("object {}", HashText(digest.hash()));
}

std::string RootText(const embed::Machine& machine, const embed::Value& value,
                     std::optional<uint32_t> number) {
  if (!value.type.is_ref() || !IsObject(value.ref)) return LeafText(machine, value);
  return number ? fmt::format("object #{}", *number) : "object beyond the walk";
}

}  // namespace slabhound::diff
