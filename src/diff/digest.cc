#include "diff/digest.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace slabhound::diff {
namespace {

constexpr uint32_t kValueObjectsMax = 256;
enum Mark : uint64_t { kNull = 1, kI31, kFunc, kHost, kSeen, kNew, kCut, kNumber };

}  // namespace

void Digest::Mix(uint64_t value) { hash_ = HashCombine(hash_, value); }

Result<void, embed::Panic> Digest::Add(const embed::Value& value) {
  if (value.type.is_ref()) return AddRef(value.ref);
  Mix(kNumber);
  Mix(value.bits);
  return {};
}

Result<void, embed::Panic> Digest::AddRef(embed::Ref ref) {
  switch (ref.kind) {
    case embed::RefKind::Null:
      Mix(kNull);
      return {};
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
      const auto [found, added] =
          numbers_.try_emplace(machine_.Identity(ref), static_cast<uint32_t>(numbers_.size()));
      if (!added) {
        Mix(kSeen);
        Mix(found->second);
      } else if (queue_.size() >= objects_max_) {
        Mix(kCut);
      } else {
        Mix(kNew);
        queue_.push_back(ref);
      }
      return {};
    }
  }
  Mix(ref.payload);
  return {};
}

Result<uint64_t, embed::Panic> Digest::Finish() {
  for (size_t next = 0; next < queue_.size(); ++next) {
    const embed::Ref object = queue_[next];
    TRY_ASSIGN(const embed::ObjectInfo info, machine_.Inspect(object));
    Mix(static_cast<uint64_t>(info.kind));
    Mix(info.kind == embed::RefKind::Exn ? info.tag : static_cast<uint64_t>(info.type));
    Mix(info.field_count);
    for (uint32_t i = 0; i < info.field_count; ++i) {
      if (fields_left_ == 0) {
        Mix(kCut);
        break;
      }
      --fields_left_;
      TRY_ASSIGN(const embed::Value field, machine_.ReadField(object, i));
      TRY(Add(field));
    }
  }
  return hash_;
}

Result<std::string, embed::Panic> ValueText(embed::Machine& machine, const embed::Value& value) {
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
      break;
  }
  Digest digest(machine, kValueObjectsMax);
  TRY(digest.Add(value));
  TRY_ASSIGN(const uint64_t hash, digest.Finish());
  return fmt::format("object {}", HashText(hash));
}

}  // namespace slabhound::diff
