#include "wasm/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "wasm/byte_reader.h"
#include "wasm/decode_code.h"
#include "wasm/decode_types.h"
#include "wasm/limits.h"
#include "wasm/proposals.h"
#include "wasm/sections.h"

namespace slabhound::wasm {
namespace {

class Decoder {
 public:
  explicit Decoder(ByteSpan bytes) : bytes_(bytes), in_(bytes) {}

  Result<Module, Error> Decode() {
    if (bytes_.size() > limits::kModuleBytesMax) {
      in_.Fail(ErrorCode::LimitExceeded, fmt::format("a module of {} bytes, at most {}",
                                                     bytes_.size(), limits::kModuleBytesMax));
    } else {
      DecodeHeader();
    }
    while (in_.ok() && !in_.at_end()) DecodeSection();
    if (in_.ok()) CheckWhole();
    if (!in_.ok()) return Fail(in_.TakeError());
    return std::move(module_);
  }

 private:
  void DecodeHeader() {
    constexpr std::array<uint8_t, 4> kMagic = {0, 'a', 's', 'm'}, kVersion = {1, 0, 0, 0};
    for (const auto& [expected, error] :
         {std::pair{kMagic, ErrorCode::BadMagic}, std::pair{kVersion, ErrorCode::BadVersion}}) {
      const uint32_t at = in_.offset();
      const ByteSpan found = in_.Take(4);
      if (in_.ok() && !std::equal(found.begin(), found.end(), expected.begin()))
        in_.FailAt(error, at);
    }
  }

  void DecodeSection() {
    const uint32_t at = in_.offset();
    const uint8_t id = in_.Byte();
    const uint32_t size = in_.U32();
    if (in_.ok() && size > in_.left()) in_.Fail(ErrorCode::LengthOutOfBounds, "unexpected end");
    const uint32_t start = in_.offset();
    ByteReader section(in_.Take(size), start);
    if (!in_.ok()) return;
    if (id >= kSectionOrder.size()) {
      in_.FailAt(ErrorCode::MalformedSectionId, at, fmt::format("0x{:02x}", id));
      return;
    }
    if (id != kCustomSection) {
      if (kSectionOrder[id] <= last_order_) {
        in_.FailAt(ErrorCode::UnexpectedContent, at,
                   fmt::format("section {} is repeated or out of order", id));
        return;
      }
      last_order_ = kSectionOrder[id];
    }
    DecodeContent(section, id);
    if (section.ok() && !section.at_end()) section.Fail(ErrorCode::SectionSizeMismatch);
    if (!section.ok()) {
      Error error = section.TakeError();
      in_.FailAt(error.code, error.offset, std::move(error.detail));
    }
  }

  void DecodeContent(ByteReader& in, uint8_t id) {
    switch (id) {
      case kCustomSection: {
        if (module_.customs.size() == limits::kCustomSectionsMax) {
          return in.Fail(ErrorCode::LimitExceeded,
                         fmt::format("custom sections, at most {}", limits::kCustomSectionsMax));
        }
        CustomSection custom;
        custom.name = in.Name();
        const ByteSpan rest = in.Take(in.left());
        custom.bytes.assign(rest.begin(), rest.end());
        module_.customs.push_back(std::move(custom));
        return;
      }
      case kTypeSection:
        return DecodeTypeSection(in, module_);
      case kImportSection:
        return Each(in, limits::kImportsMax, "imports", module_.imports,
                    [&] { return DecodeImport(in); });
      case kFunctionSection:
        return Each(in, limits::kFunctionsMax, "functions", module_.functions, [&] {
          Function function;
          function.type = in.U32();
          return function;
        });
      case kTableSection:
        return Each(in, limits::kTablesMax, "tables", module_.tables,
                    [&] { return DecodeTable(in); });
      case kMemorySection:
        return Each(in, limits::kMemoriesMax, "memories", module_.memories, [&] {
          const uint32_t at = in.offset();
          return Memory{DecodeMemoryType(in), at};
        });
      case kTagSection:
        return Each(in, limits::kTagsMax, "tags", module_.tags, [&] {
          const uint32_t at = in.offset();
          return Tag{DecodeTagType(in), at};
        });
      case kGlobalSection:
        return Each(in, limits::kGlobalsMax, "globals", module_.globals, [&] {
          Global global;
          global.offset = in.offset();
          global.type = DecodeGlobalType(in);
          global.init = DecodeExpression(in, constant_facts_);
          return global;
        });
      case kExportSection:
        return Each(in, limits::kExportsMax, "exports", module_.exports,
                    [&] { return DecodeExport(in); });
      case kStartSection:
        module_.start_offset = in.offset();
        module_.start = in.U32();
        return;
      case kElemSection:
        return Each(in, limits::kElemSegmentsMax, "element segments", module_.elems,
                    [&] { return DecodeElem(in); });
      case kDataCountSection:
        module_.data_count = in.U32();
        return;
      case kCodeSection:
        return DecodeCode(in);
      case kDataSection:
        return Each(in, limits::kDataSegmentsMax, "data segments", module_.datas,
                    [&] { return DecodeData(in); });
    }
  }

  // Appends so many items. A count may be a lie: no more room is made at once than most need.
  template <typename T, typename Item>
  static void Each(ByteReader& in, uint32_t count_max, std::string_view what, std::vector<T>& items,
                   Item item) {
    constexpr size_t kUsualMax = 64;
    const uint32_t count = in.Count(count_max, what);
    items.reserve(std::min<size_t>(count, kUsualMax));
    for (uint32_t left = count; left > 0 && in.ok(); --left) items.push_back(item());
  }

  static Import DecodeImport(ByteReader& in) {
    Import import;
    import.offset = in.offset();
    import.module = in.Name();
    import.name = in.Name();
    const uint32_t at = in.offset();
    switch (const uint8_t kind = in.Byte()) {
      case 0:
        import.type = FuncRef{in.U32()};
        break;
      case 1:
        import.type = DecodeTableType(in);
        break;
      case 2:
        import.type = DecodeMemoryType(in);
        break;
      case 3:
        import.type = DecodeGlobalType(in);
        break;
      case 4:
        import.type = DecodeTagType(in);
        break;
      case 0x20:
        in.FailAt(ErrorCode::Unsupported, at, fmt::format("{} (exact)", kCustomDescriptors));
        break;
      case 0x7e:
      case 0x7f:
        in.FailAt(ErrorCode::Unsupported, at, fmt::format("{} (0x{:02x})", kCompactImports, kind));
        break;
      default:
        in.FailAt(ErrorCode::MalformedImportKind, at, fmt::format("0x{:02x}", kind));
    }
    return import;
  }

  Table DecodeTable(ByteReader& in) {
    Table table;
    table.offset = in.offset();
    // 0x40 0x00 announces an initializer (spec 5.5.7).
    const bool has_init = in.Peek() == 0x40;
    if (has_init) {
      in.Byte();
      const uint32_t at = in.offset();
      if (in.Byte() != 0) in.FailAt(ErrorCode::ZeroByteExpected, at);
    }
    table.type = DecodeTableType(in);
    if (has_init) table.init = DecodeExpression(in, constant_facts_);
    return table;
  }

  static Export DecodeExport(ByteReader& in) {
    Export exported;
    exported.offset = in.offset();
    exported.name = in.Name();
    const uint32_t at = in.offset();
    const uint8_t kind = in.Byte();
    if (kind > static_cast<uint8_t>(ExternKind::Tag)) {
      in.FailAt(ErrorCode::MalformedExportKind, at, fmt::format("0x{:02x}", kind));
    }
    exported.kind = static_cast<ExternKind>(kind);
    exported.index = in.U32();
    return exported;
  }

  // The eight forms of spec 5.5.12: bit 0 passive or declarative, bit 1 explicit index or
  // declarative, bit 2 expressions.
  ElemSegment DecodeElem(ByteReader& in) {
    ElemSegment segment;
    segment.offset = in.offset();
    const uint32_t flags = in.U32();
    if (flags > 7) {
      in.FailAt(ErrorCode::MalformedSegmentKind, segment.offset,
                fmt::format("element segment flags {}", flags));
      return segment;
    }
    const bool expressions = (flags & 4) != 0;
    if (flags & 1) {
      segment.mode = (flags & 2) ? SegmentMode::Declarative : SegmentMode::Passive;
    } else {
      segment.mode = SegmentMode::Active;
      if (flags & 2) segment.table = in.U32();
      segment.table_offset = DecodeExpression(in, constant_facts_);
    }
    segment.plain_functions = !expressions;
    // Without an explicit kind the functions are non-null, the expressions nullable.
    segment.type = ValType::Ref(AbstractHeap::Func, expressions);
    if (flags & 3) {
      const uint32_t at = in.offset();
      if (expressions) {
        segment.type = DecodeRefType(in);
      } else if (in.Byte() != 0) {
        in.FailAt(ErrorCode::MalformedSegmentKind, at, "element kind");
      }
    }
    Each(in, items_left_, "elements", segment.items, [&]() -> Body {
      --items_left_;
      if (expressions) return DecodeExpression(in, constant_facts_);
      Body item;
      const uint32_t at = in.offset();
      item.code = {{.op = Opcode::RefFunc, .offset = at, .a = in.U32()},
                   {.op = Opcode::End, .offset = at}};
      return item;
    });
    return segment;
  }

  DataSegment DecodeData(ByteReader& in) {
    DataSegment segment;
    segment.offset = in.offset();
    const uint32_t flags = in.U32();
    if (flags > 2) {
      in.FailAt(ErrorCode::MalformedSegmentKind, segment.offset,
                fmt::format("data segment flags {}", flags));
      return segment;
    }
    if (flags != 1) {
      segment.mode = SegmentMode::Active;
      if (flags == 2) segment.memory = in.U32();
      segment.memory_offset = DecodeExpression(in, constant_facts_);
    }
    const uint32_t size = in.U32();
    const ByteSpan bytes = in.Take(size);
    segment.bytes.assign(bytes.begin(), bytes.end());
    return segment;
  }

  void DecodeCode(ByteReader& in) {
    const uint32_t at = in.offset();
    const uint32_t count = in.Count(limits::kFunctionsMax, "function bodies");
    code_count_ = count;
    if (in.ok() && count != module_.functions.size()) {
      in.FailAt(ErrorCode::InconsistentCounts, at,
                fmt::format("{} and {}", module_.functions.size(), count));
    }
    for (uint32_t i = 0; i < count && in.ok(); ++i) {
      Function& function = module_.functions[i];
      const uint32_t size = in.U32();
      function.offset = in.offset();
      if (in.ok() && size > limits::kFunctionBytesMax) {
        in.Fail(ErrorCode::LimitExceeded,
                fmt::format("a function of {} bytes, at most {}", size, limits::kFunctionBytesMax));
      }
      ByteReader body(in.Take(size), function.offset);
      if (!in.ok()) return;
      DecodeLocals(body, function);
      if (body.ok()) function.body = DecodeExpression(body, facts_);
      if (body.ok() && !body.at_end())
        body.Fail(ErrorCode::SectionSizeMismatch, "END opcode expected");
      if (!body.ok()) {
        Error error = body.TakeError();
        in.FailAt(error.code, error.offset, std::move(error.detail));
      }
    }
  }

  // All declarations are read before they are judged: more than 2^32 - 1 locals are malformed,
  // fewer but too many a limit of ours. The runs are expanded once their sum is known to be small.
  void DecodeLocals(ByteReader& in, Function& function) {
    uint64_t total = 0;
    const uint32_t at = in.offset();
    runs_.clear();
    Each(in, UINT32_MAX, "local declarations", runs_, [&] {
      const uint32_t count = in.U32();
      total += count;
      return std::pair(count, DecodeValType(in));
    });
    if (!in.ok()) return;
    if (total > UINT32_MAX) return in.FailAt(ErrorCode::TooManyLocals, at);
    if (total > limits::kLocalsMax) {
      return in.FailAt(ErrorCode::LimitExceeded, at,
                       fmt::format("{} locals, at most {}", total, limits::kLocalsMax));
    }
    locals_total_ += total;
    if (locals_total_ > limits::kLocalsTotalMax) {
      return in.FailAt(ErrorCode::LimitExceeded, at,
                       fmt::format("more than {} locals in all", limits::kLocalsTotalMax));
    }
    function.locals.reserve(total);
    for (const auto& [count, type] : runs_) {
      function.locals.insert(function.locals.end(), count, type);
    }
  }

  void CheckWhole() {
    if (code_count_ != module_.functions.size()) {
      in_.Fail(ErrorCode::InconsistentCounts,
               fmt::format("{} and {}", module_.functions.size(), code_count_));
    } else if (module_.data_count && *module_.data_count != module_.datas.size()) {
      in_.Fail(ErrorCode::InconsistentDataCount,
               fmt::format("{} and {}", *module_.data_count, module_.datas.size()));
    } else if (facts_.data_use_offset && !module_.data_count) {
      in_.FailAt(ErrorCode::DataCountRequired, *facts_.data_use_offset);
    }
  }

  ByteSpan bytes_;
  ByteReader in_;
  Module module_;
  CodeFacts facts_;           // of function bodies
  CodeFacts constant_facts_;  // of constant expressions: they need no data count (spec 5.5.16)
  std::vector<std::pair<uint32_t, ValType>> runs_;
  uint64_t locals_total_ = 0;
  uint32_t items_left_ = limits::kElemItemsMax;
  uint8_t last_order_ = 0;
  uint32_t code_count_ = 0;
};

}  // namespace

Result<Module, Error> Decode(ByteSpan bytes) { return Decoder(bytes).Decode(); }

}  // namespace slabhound::wasm
