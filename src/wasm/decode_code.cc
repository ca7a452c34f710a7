#include "wasm/decode_code.h"

#include <fmt/format.h>

#include "wasm/decode_types.h"
#include "wasm/limits.h"
#include "wasm/proposals.h"

namespace slabhound::wasm {
namespace {

// Prefixes of the profile, and those of SIMD (0xfd) and threads (0xfe).
bool IsPrefix(uint8_t byte) { return byte >= 0xfb && byte <= 0xfe; }

class CodeDecoder {
 public:
  CodeDecoder(ByteReader& in, CodeFacts& facts)
      : in_(in), facts_(facts), body_(facts.scratch), open_ifs_(facts.open_ifs) {
    body_.code.clear();
    body_.labels.clear();
    body_.types.clear();
    body_.catches.clear();
    open_ifs_.clear();
  }

  Body Decode() {
    uint32_t depth = 1;
    while (depth > 0 && in_.ok()) {
      Instr instr;
      instr.offset = in_.offset();
      if (!DecodeOpcode(instr)) break;
      const OpcodeInfo& info = Info(instr.op);
      DecodeImmediates(instr, info.immediates);
      CheckBlock(instr, depth);
      body_.code.push_back(instr);
    }
    return body_;
  }

 private:
  bool DecodeOpcode(Instr& instr) {
    if (in_.at_end()) {
      in_.Fail(ErrorCode::UnexpectedEnd, "END opcode expected");
      return false;
    }
    const uint8_t first = in_.Byte();
    uint8_t prefix = 0;
    uint32_t code = first;
    if (IsPrefix(first)) {
      prefix = first;
      code = in_.U32();
    }
    if (!in_.ok()) return false;
    const auto op = FindOpcode(prefix, code);
    if (op) {
      instr.op = *op;
      return true;
    }
    const std::string text = prefix == 0 ? fmt::format("0x{:02x}", code)
                                         : fmt::format("0x{:02x} 0x{:02x}", prefix, code);
    const auto proposal = ProposalOfOpcode(prefix, code);
    if (proposal) {
      in_.FailAt(proposal->code, instr.offset, fmt::format("{} ({})", proposal->name, text));
    } else {
      in_.FailAt(ErrorCode::IllegalOpcode, instr.offset, text);
    }
    return false;
  }

  // Keeps nesting, and with it every recursion over it, bounded; `else` needs an open `if`.
  void CheckBlock(const Instr& instr, uint32_t& depth) {
    switch (instr.op) {
      case Opcode::Block:
      case Opcode::Loop:
      case Opcode::If:
      case Opcode::TryTable:
        if (++depth > limits::kNestingMax) {
          in_.FailAt(ErrorCode::LimitExceeded, instr.offset,
                     fmt::format("nesting deeper than {}", limits::kNestingMax));
        }
        open_ifs_.push_back(instr.op == Opcode::If);
        return;
      case Opcode::Else:
        if (open_ifs_.empty() || !open_ifs_.back()) {
          in_.FailAt(ErrorCode::IllegalOpcode, instr.offset,
                     "else without an if: END opcode expected");
          return;
        }
        open_ifs_.back() = false;
        return;
      case Opcode::End:
        --depth;
        if (!open_ifs_.empty()) open_ifs_.pop_back();
        return;
      default:
        return;
    }
  }

  void DecodeImmediates(Instr& instr, Immediates immediates) {
    switch (immediates) {
      case Immediates::None:
        return;
      case Immediates::BrTable:
        return DecodeLabels(instr);
      case Immediates::BrCast:
        return DecodeBrCast(instr);
      case Immediates::SelectTypes:
        return DecodeSelectTypes(instr);
      case Immediates::TryTable:
        return DecodeTryTable(instr);
      case Immediates::MemArg1:
      case Immediates::MemArg2:
      case Immediates::MemArg4:
      case Immediates::MemArg8:
        return DecodeMemArg(instr);
      default:
        break;
    }
    const ImmediatesInfo& info = Info(immediates);
    uint32_t* slot = &instr.a;
    for (const ImmediateKind kind : {info.first, info.second}) {
      switch (kind) {
        case ImmediateKind::Nothing:
          break;
        case ImmediateKind::BlockType:
          *slot = DecodeBlockType(in_).bits();
          break;
        case ImmediateKind::Heap:
          *slot = DecodeHeapType(in_).code();
          break;
        case ImmediateKind::I32:
          instr.bits = static_cast<uint32_t>(in_.S32());
          break;
        case ImmediateKind::I64:
          instr.bits = static_cast<uint64_t>(in_.S64());
          break;
        case ImmediateKind::F32:
          instr.bits = in_.Fixed32();
          break;
        case ImmediateKind::F64:
          instr.bits = in_.Fixed64();
          break;
        case ImmediateKind::Data:
          if (!facts_.data_use_offset) facts_.data_use_offset = instr.offset;
          *slot = in_.U32();
          break;
        default:
          *slot = in_.U32();
          break;
      }
      slot = &instr.b;
    }
  }

  void DecodeLabels(Instr& instr) {
    instr.a = static_cast<uint32_t>(body_.labels.size());
    instr.b = in_.Count(limits::kBrTableTargetsMax, "branch targets");
    for (uint32_t i = 0; i <= instr.b && in_.ok(); ++i) body_.labels.push_back(in_.U32());
  }

  void DecodeBrCast(Instr& instr) {
    const uint32_t at = in_.offset();
    const uint8_t flags = in_.Byte();
    if (flags > 3) in_.FailAt(ErrorCode::MalformedCastFlags, at, fmt::format("0x{:02x}", flags));
    instr.a = in_.U32();
    instr.b = ValType::Ref(DecodeHeapType(in_), (flags & 1) != 0).bits();
    instr.bits = ValType::Ref(DecodeHeapType(in_), (flags & 2) != 0).bits();
  }

  void DecodeSelectTypes(Instr& instr) {
    instr.a = static_cast<uint32_t>(body_.types.size());
    instr.b = in_.Count(limits::kResultsMax, "select types");
    for (uint32_t i = 0; i < instr.b && in_.ok(); ++i) body_.types.push_back(DecodeValType(in_));
  }

  void DecodeTryTable(Instr& instr) {
    instr.a = DecodeBlockType(in_).bits();
    instr.b = static_cast<uint32_t>(body_.catches.size());
    instr.bits = in_.Count(limits::kBrTableTargetsMax, "catch clauses");
    for (uint64_t i = 0; i < instr.bits && in_.ok(); ++i) {
      const uint32_t at = in_.offset();
      CatchClause clause;
      const uint8_t kind = in_.Byte();
      if (kind > 3) in_.FailAt(ErrorCode::MalformedCatch, at, fmt::format("0x{:02x}", kind));
      clause.kind = static_cast<CatchKind>(kind & 3);
      if (clause.kind == CatchKind::Catch || clause.kind == CatchKind::CatchRef)
        clause.tag = in_.U32();
      clause.label = in_.U32();
      body_.catches.push_back(clause);
    }
  }

  // Bit 6 of the flags says that a memory index follows (spec 5.4.7).
  void DecodeMemArg(Instr& instr) {
    const uint32_t at = in_.offset();
    const uint32_t flags = in_.U32();
    if (flags >= 0x80) in_.FailAt(ErrorCode::MalformedMemop, at, fmt::format("0x{:x}", flags));
    instr.b = flags & 0x3f;
    if (flags & 0x40) instr.a = in_.U32();
    instr.bits = in_.U64();
  }

  ByteReader& in_;
  CodeFacts& facts_;
  Body& body_;
  // An entry for each open block: an `if` that may still have an `else`.
  std::vector<uint8_t>& open_ifs_;
};

}  // namespace

Body DecodeExpression(ByteReader& in, CodeFacts& facts) { return CodeDecoder(in, facts).Decode(); }

}  // namespace slabhound::wasm
