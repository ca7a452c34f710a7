#include "wasm/decode_types.h"

#include <fmt/format.h>

#include <optional>

#include "wasm/limits.h"
#include "wasm/proposals.h"
#include "wasm/type_codes.h"

namespace slabhound::wasm {
namespace {

std::optional<AbstractHeap> AbstractOf(uint8_t code) {
  if (code < kAbstractHeapFirst || code >= kAbstractHeapFirst + kAbstractHeapCodes.size())
    return std::nullopt;
  return kAbstractHeapCodes[code - kAbstractHeapFirst];
}

void FailType(ByteReader& in, uint32_t at, uint8_t code, std::string_view what) {
  if (const std::string_view proposal = ProposalOfType(code); !proposal.empty()) {
    in.FailAt(ErrorCode::Unsupported, at, fmt::format("{} (0x{:02x})", proposal, code));
  } else {
    in.FailAt(ErrorCode::MalformedType, at, fmt::format("0x{:02x} is no {}", code, what));
  }
}

StorageType DecodeStorageType(ByteReader& in) {
  switch (in.Peek()) {
    case kI8Code:
      in.Byte();
      return StorageType::I8;
    case kI16Code:
      in.Byte();
      return StorageType::I16;
    default:
      return DecodeValType(in);
  }
}

bool DecodeMutability(ByteReader& in) {
  const uint32_t at = in.offset();
  const uint8_t flag = in.Byte();
  if (flag > 1) in.FailAt(ErrorCode::MalformedMutability, at, fmt::format("0x{:02x}", flag));
  return flag == 1;
}

FieldType DecodeFieldType(ByteReader& in) {
  FieldType field;
  field.type = DecodeStorageType(in);
  field.is_mutable = DecodeMutability(in);
  return field;
}

std::vector<ValType> DecodeResultType(ByteReader& in, uint32_t count_max, std::string_view what) {
  std::vector<ValType> types;
  const uint32_t count = in.Count(count_max, what);
  types.reserve(count);
  for (uint32_t left = count; left > 0 && in.ok(); --left) types.push_back(DecodeValType(in));
  return types;
}

CompositeType DecodeComposite(ByteReader& in) {
  const uint32_t at = in.offset();
  switch (const uint8_t code = in.Byte()) {
    case kFuncCode: {
      FuncType type;
      type.params = DecodeResultType(in, limits::kParamsMax, "parameters");
      type.results = DecodeResultType(in, limits::kResultsMax, "results");
      return type;
    }
    case kStructCode: {
      StructType type;
      for (uint32_t left = in.Count(limits::kStructFieldsMax, "fields"); left > 0 && in.ok();
           --left) {
        type.fields.push_back(DecodeFieldType(in));
      }
      return type;
    }
    case kArrayCode:
      return ArrayType{DecodeFieldType(in)};
    default:
      FailType(in, at, code, "composite type");
      return FuncType{};
  }
}

SubType DecodeSubType(ByteReader& in) {
  SubType type;
  const uint8_t code = in.Peek();
  if (code == kSubCode || code == kSubFinalCode) {
    in.Byte();
    type.is_final = code == kSubFinalCode;
    for (uint32_t left = in.Count(limits::kTypesMax, "supertypes"); left > 0 && in.ok(); --left) {
      type.supers.push_back(in.U32());
    }
  }
  type.composite = DecodeComposite(in);
  return type;
}

}  // namespace

HeapType DecodeHeapType(ByteReader& in) {
  const uint32_t at = in.offset();
  const uint8_t code = in.Peek();
  if (const auto heap = AbstractOf(code)) {
    in.Byte();
    return *heap;
  }
  const int64_t index = in.S33();
  if (!in.ok()) return {};
  if (index < 0) {
    FailType(in, at, code, "heap type");
    return {};
  }
  if (index > HeapType::kIndexMax) {
    in.FailAt(ErrorCode::UnknownType, at, fmt::format("type {}", index));
    return {};
  }
  return HeapType::Index(static_cast<uint32_t>(index));
}

ValType DecodeRefType(ByteReader& in) {
  const uint32_t at = in.offset();
  const uint8_t code = in.Byte();
  if (code == kRefCode || code == kRefNullCode)
    return ValType::Ref(DecodeHeapType(in), code == kRefNullCode);
  if (const auto heap = AbstractOf(code)) return ValType::Ref(*heap, true);
  FailType(in, at, code, "reference type");
  return {};
}

ValType DecodeValType(ByteReader& in) {
  const uint32_t at = in.offset();
  switch (const uint8_t code = in.Peek()) {
    case kI32Code:
    case kI64Code:
    case kF32Code:
    case kF64Code:
    case kV128Code:
      in.Byte();
      return kNumberTypes[kI32Code - code];
    case kRefCode:
    case kRefNullCode:
      return DecodeRefType(in);
    default:
      if (AbstractOf(code)) return DecodeRefType(in);
      if (in.at_end()) {
        in.Byte();
      } else {
        FailType(in, at, code, "value type");
      }
      return {};
  }
}

BlockType DecodeBlockType(ByteReader& in) {
  const uint8_t code = in.Peek();
  if (code == kEmptyBlockCode) {
    in.Byte();
    return {};
  }
  // One-byte negative numbers are value types; anything else is a type index.
  if ((code & 0xc0) == 0x40) return DecodeValType(in);
  const uint32_t at = in.offset();
  const int64_t index = in.S33();
  if (!in.ok()) return {};
  if (index < 0) {
    FailType(in, at, code, "block type");
    return {};
  }
  if (index > HeapType::kIndexMax) {
    in.FailAt(ErrorCode::UnknownType, at, fmt::format("type {}", index));
    return {};
  }
  return BlockType::Index(static_cast<TypeIdx>(index));
}

// `may_have_page_size`: those of a memory, where custom page sizes have a bit.
Limits DecodeLimits(ByteReader& in, bool may_have_page_size) {
  const uint32_t at = in.offset();
  const uint8_t flags = in.Byte();
  Limits limits;
  if (may_have_page_size && flags >= 8 && flags < 16 && !in.at_end()) {
    in.FailAt(ErrorCode::Unsupported, at, fmt::format("{} (0x{:02x})", kCustomPageSizes, flags));
    return limits;
  }
  if (flags > 7) {
    in.FailAt(ErrorCode::MalformedLimits, at, fmt::format("0x{:02x}", flags));
    return limits;
  }
  if (flags & 2) {
    in.FailAt(ErrorCode::Unsupported, at, fmt::format("{} (shared)", kThreads));
    return limits;
  }
  limits.is_64 = (flags & 4) != 0;
  limits.min = in.U64();
  if (flags & 1) limits.max = in.U64();
  return limits;
}

TableType DecodeTableType(ByteReader& in) {
  TableType type;
  type.element = DecodeRefType(in);
  type.limits = DecodeLimits(in, /*may_have_page_size=*/false);
  return type;
}

MemoryType DecodeMemoryType(ByteReader& in) {
  return {DecodeLimits(in, /*may_have_page_size=*/true)};
}

GlobalType DecodeGlobalType(ByteReader& in) {
  GlobalType type;
  type.type = DecodeValType(in);
  type.is_mutable = DecodeMutability(in);
  return type;
}

TagType DecodeTagType(ByteReader& in) {
  const uint32_t at = in.offset();
  if (const uint8_t attribute = in.Byte(); attribute != 0) {
    in.FailAt(ErrorCode::MalformedTag, at, fmt::format("0x{:02x}", attribute));
  }
  return {in.U32()};
}

void DecodeTypeSection(ByteReader& in, Module& module) {
  constexpr size_t kUsualTypes = 32;
  module.types.reserve(kUsualTypes);
  module.type_offsets.reserve(kUsualTypes);
  for (uint32_t left = in.Count(limits::kRecGroupsMax, "recursion groups"); left > 0 && in.ok();
       --left) {
    RecGroup group{
        .first = static_cast<uint32_t>(module.types.size()), .count = 1, .is_explicit = false};
    if (in.Peek() == kRecCode) {
      in.Byte();
      group.is_explicit = true;
      group.count = in.Count(limits::kTypesMax, "types");
    }
    for (uint32_t i = 0; i < group.count && in.ok(); ++i) {
      if (module.types.size() >= limits::kTypesMax) {
        in.Fail(ErrorCode::LimitExceeded, fmt::format("more than {} types", limits::kTypesMax));
        return;
      }
      module.type_offsets.push_back(in.offset());
      module.types.push_back(DecodeSubType(in));
    }
    module.rec_groups.push_back(group);
  }
}

}  // namespace slabhound::wasm
