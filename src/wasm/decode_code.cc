#include "wasm/decode_code.h"

#include <fmt/format.h>

#include "wasm/decode_types.h"
#include "wasm/limits.h"
#include "wasm/proposals.h"

namespace slabhound::wasm {
namespace {

// Prefixes of the profile, and that of threads (0xfe).
bool IsPrefix(uint8_t byte) { return byte >= 0xfb && byte <= 0xfe; }

class CodeDecoder {
 public:
  CodeDecoder(ByteReader& in, CodeFacts& facts)
      : in_(in), facts_(facts), body_(facts.scratch), open_(facts.open) {
    body_.code.clear();
    body_.labels.clear();
    body_.types.clear();
    body_.catches.clear();
    open_.clear();
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
    const std::string_view proposal = ProposalOfOpcode(prefix, code);
    if (!proposal.empty()) {
      in_.FailAt(ErrorCode::Unsupported, instr.offset, fmt::format("{} ({})", proposal, text));
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
      case Opcode::LegacyTry:
        if (++depth > limits::kNestingMax) {
          in_.FailAt(ErrorCode::LimitExceeded, instr.offset,
                     fmt::format("nesting deeper than {}", limits::kNestingMax));
        }
        open_.push_back(instr.op);
        return;
      case Opcode::Else:
        return Divide(instr, Opcode::If);
      case Opcode::LegacyCatch:
      case Opcode::LegacyCatchAll:
        return Divide(instr, Opcode::LegacyTry);
      case Opcode::Delegate:
        Divide(instr, Opcode::LegacyTry);
        [[fallthrough]];
      case Opcode::End:
        --depth;
        if (!open_.empty()) open_.pop_back();
        return;
      default:
        return;
    }
  }

  // An `else`, or what follows the body of a legacy `try`: behind a catch_all there is no other.
  void Divide(const Instr& instr, Opcode opener) {
    const bool goes_on =
        !open_.empty() &&
        (open_.back() == opener || (open_.back() == Opcode::LegacyCatch &&
                                    opener == Opcode::LegacyTry && instr.op != Opcode::Delegate));
    if (!goes_on) {
      return in_.FailAt(ErrorCode::IllegalOpcode, instr.offset,
                        fmt::format("{} without {}: END opcode expected", Info(instr.op).text,
                                    opener == Opcode::If ? "an if" : "a try"));
    }
    open_.back() = instr.op;
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
      default:
        break;
    }
    if (AccessBytes(instr.op) != 0) return DecodeMemArg(instr);
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
        case ImmediateKind::V128:
        case ImmediateKind::Lanes: {
          const uint64_t low = in_.Fixed64(), high = in_.Fixed64();
          SetVector(instr, {low, high});
          return;
        }
        case ImmediateKind::Lane:
          *slot = in_.Byte();
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
    if (AccessesLane(instr.op)) instr.b |= uint32_t{in_.Byte()} << 8;
  }

  ByteReader& in_;
  CodeFacts& facts_;
  Body& body_;
  // An entry for each open block: its opener, or what divided it last.
  std::vector<Opcode>& open_;
};

}  // namespace

Body DecodeExpression(ByteReader& in, CodeFacts& facts) { return CodeDecoder(in, facts).Decode(); }

}  // namespace slabhound::wasm
