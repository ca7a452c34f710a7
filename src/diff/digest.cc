#include "diff/digest.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace slabhound::diff {
namespace {

constexpr uint32_t kValueObjectsMax = 256;
enum Mark : uint64_t { kNull = 1, kI31, kFunc, kHost, kSeen, kNew, kCut, kNumber };

bool IsObject(embed::Ref ref) { return ref.kind >= embed::RefKind::Struct; }

// Of anything but an object.
std::string LeafText(const embed::Value& value) {
  switch (value.type.kind()) {
    case wasm::TypeKind::I32:
      return fmt::format("i32 {}", static_cast<int32_t>(static_cast<uint32_t>(value.bits)));
    case wasm::TypeKind::I64:
      return fmt::format("i64 {}", static_cast<int64_t>(value.bits));
    case wasm::TypeKind::F32:
      return fmt::format("f32 0x{:08x}", static_cast<uint32_t>(value.bits));
    case wasm::TypeKind::F64:
      return fmt::format("f64 0x{:016x}", value.bits);
    default:
      break;
  }
  switch (value.ref.kind) {
    case embed::RefKind::Null:
      return "null";
    case embed::RefKind::I31:
      return fmt::format("i31 {}", value.ref.payload);
    case embed::RefKind::Func:
      return fmt::format("func {}", value.ref.payload);
    case embed::RefKind::Host:
      return fmt::format("host {}", value.ref.payload);
    default:
      return "object";
  }
}

}  // namespace

void Digest::Mix(uint64_t value) { hash_ = HashCombine(hash_, value); }

void Digest::Add(const embed::Value& value) {
  if (value.type.is_ref()) return AddRef(value.ref);
  Mix(kNumber);
  Mix(value.bits);
}

void Digest::AddRef(embed::Ref ref) {
  switch (ref.kind) {
    case embed::RefKind::Null:
      return Mix(kNull);
    case embed::RefKind::I31:
      Mix(kI31);
      break;
    case embed::RefKind::Func:
      Mix(kFunc);
      break;
    case embed::RefKind::Host:
      Mix(kHost);
      break;
    case embed::RefKind::Struct:
    case embed::RefKind::Array:
    case embed::RefKind::Exn: {
      // What was cut gets no number, so that each mention of it is a cut.
      const uint64_t identity = machine_.Identity(ref);
      const auto found = numbers_.find(identity);
      if (found != numbers_.end()) {
        Mix(kSeen);
        Mix(found->second);
      } else if (queue_.size() >= objects_max_) {
        Mix(kCut);
      } else {
        Mix(kNew);
        numbers_.emplace(identity, static_cast<uint32_t>(queue_.size()));
        queue_.push_back(ref);
      }
      return;
    }
  }
  Mix(ref.payload);
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
        Mix(kCut);
        break;
      }
      --budget_.fields;
      TRY_ASSIGN(const embed::Value field, machine_.ReadField(object, i));
      Add(field);
    }
  }
  return {};
}

std::optional<uint32_t> Digest::NumberOf(embed::Ref object) const {
  const auto found = numbers_.find(machine_.Identity(object));
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

Result<std::string, embed::Panic> ValueText(embed::Machine& machine, const embed::Value& value,
                                            WalkBudget& budget) {
  if (!value.type.is_ref() || !IsObject(value.ref)) return LeafText(value);
  Digest digest(machine, kValueObjectsMax, budget);
  digest.Add(value);
  TRY(digest.Walk());
  return fmt::format("object {}", HashText(digest.hash()));
}

std::string RootText(const Digest& digest, const embed::Value& value) {
  if (!value.type.is_ref() || !IsObject(value.ref)) return LeafText(value);
  const auto number = digest.NumberOf(value.ref);
  return number ? fmt::format("object #{}", *number) : "object beyond the walk";
}

}  // namespace slabhound::diff
