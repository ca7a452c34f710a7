// Instructions of the text format (spec 6.5), flat and folded.
#include <algorithm>

#include "text/reader.h"
#include "text/vector.h"
#include "wasm/limits.h"

namespace slabhound::text {

using wasm::ErrorCode;
using wasm::ImmediateKind;
using wasm::Instr;
using wasm::Opcode;

namespace {

// Folded instructions are read by recursion; flat blocks are not.
constexpr uint32_t kFoldedDepthMax = 1000;

bool IsBlock(Opcode op) {
  return op == Opcode::Block || op == Opcode::Loop || op == Opcode::If || op == Opcode::TryTable ||
         op == Opcode::LegacyTry;
}

// What divides or closes a block, and stands nowhere else.
bool IsInnerMark(Opcode op) {
  return op == Opcode::End || op == Opcode::Else || op == Opcode::LegacyCatch ||
         op == Opcode::LegacyCatchAll || op == Opcode::Delegate;
}

}  // namespace

wasm::Body Reader::ReadExpression() {
  Code code;
  ReadInstructions(code);
  Emit(code, {.op = Opcode::End, .offset = in_.offset()});
  return std::move(code.body);
}

wasm::Body Reader::ReadFoldedExpression() {
  Code code;
  ReadFolded(code);
  Emit(code, {.op = Opcode::End, .offset = in_.offset()});
  return std::move(code.body);
}

void Reader::ReadInstructions(Code& code) {
  const size_t outer_labels = code.labels.size();
  std::vector<Opcode> open;  // of the flat blocks opened here: the opener, or what divided it last
  while (in_.ok()) {
    if (in_.AtOpen()) {
      ReadFolded(code);
    } else if (in_.AtClose()) {
      break;
    } else if (in_.AtWord("end") && code.labels.size() > outer_labels) {
      const uint32_t offset = in_.offset();
      in_.Next();
      CheckLabelName(code);
      EndBlock(code, offset);
      open.pop_back();
    } else if (in_.AtWord("else") && !open.empty() && open.back() == Opcode::If) {
      Emit(code, {.op = Opcode::Else, .offset = in_.offset()});
      in_.Next();
      CheckLabelName(code);
      open.back() = Opcode::Else;
    } else if (!open.empty() && AtLegacyClause(open.back())) {
      open.back() = ReadLegacyClause(code);
      if (open.back() == Opcode::Delegate) open.pop_back();
    } else {
      Instr instr = ReadHead(code);
      if (!in_.ok()) return;
      if (IsBlock(instr.op)) {
        BeginBlock(code, instr);
        Emit(code, instr);
        open.push_back(instr.op);
      } else {
        ReadImmediates(code, instr);
        Emit(code, instr);
      }
    }
  }
  if (code.labels.size() > outer_labels) in_.Unexpected("end");
}

// The opcode alone; its immediates are still to be read.
Instr Reader::ReadHead(Code&) {
  Instr instr;
  instr.offset = in_.offset();
  const Token& token = in_.Peek();
  const auto op = token.kind == TokenKind::Word ? wasm::FindMnemonic(token.text) : std::nullopt;
  if (!op || IsInnerMark(*op)) {
    if (token.kind == TokenKind::Word && !op) {
      if (!in_.FailProposal(token)) in_.Fail(ErrorCode::UnknownOperator, std::string(token.text));
    } else {
      in_.Unexpected("an instruction");
    }
    return instr;
  }
  in_.Next();
  instr.op = *op;
  return instr;
}

void Reader::CheckLabelName(const Code& code) {
  if (in_.Peek().kind != TokenKind::Id) return;
  if (in_.Peek().text != code.labels.back())
    in_.Fail(ErrorCode::MismatchingLabel, std::string(in_.Peek().text));
  in_.Next();
}

void Reader::BeginBlock(Code& code, Instr& instr) {
  const std::string_view label = in_.TakeId();
  instr.a = ReadBlockType().bits();
  // A try_table's clauses branch to labels around it.
  if (instr.op == Opcode::TryTable) ReadCatches(code, instr);
  code.labels.push_back(label);
  if (code.labels.size() > wasm::limits::kNestingMax) in_.Fail(ErrorCode::LimitExceeded, "nesting");
}

// Whether a clause of a legacy `try` can follow what opened or divided the block.
bool Reader::AtLegacyClause(Opcode before) const {
  if (before != Opcode::LegacyTry && before != Opcode::LegacyCatch) return false;
  return in_.AtWord("catch") || in_.AtWord("catch_all") ||
         (before == Opcode::LegacyTry && in_.AtWord("delegate"));
}

// A `delegate` ends its block: its label is one around it.
Opcode Reader::ReadLegacyClause(Code& code) {
  Instr instr{.op = *wasm::FindMnemonic(in_.Peek().text), .offset = in_.offset()};
  in_.Next();
  if (instr.op == Opcode::Delegate) code.labels.pop_back();
  ReadImmediates(code, instr);
  Emit(code, instr);
  return instr.op;
}

// (do …) and the clauses behind it, folded.
void Reader::ReadLegacyTry(Code& code) {
  if (!in_.TakeList("do")) return in_.Unexpected("(do");
  ReadInstructions(code);
  in_.Close();
  Opcode before = Opcode::LegacyTry;
  while (in_.ok() && in_.AtOpen()) {
    in_.Open();
    if (!AtLegacyClause(before)) return in_.Unexpected("a clause of try");
    before = ReadLegacyClause(code);
    if (before != Opcode::Delegate) ReadInstructions(code);
    in_.Close();
  }
  if (before != Opcode::Delegate) EndBlock(code, in_.offset());
}

void Reader::EndBlock(Code& code, uint32_t offset) {
  Emit(code, {.op = Opcode::End, .offset = offset});
  code.labels.pop_back();
}

void Reader::ReadFolded(Code& code) {
  if (++code.folded_depth > kFoldedDepthMax) {
    in_.Fail(ErrorCode::LimitExceeded,
             fmt::format("folded instructions nested deeper than {}", kFoldedDepthMax));
    return;
  }
  in_.Open();
  Instr instr = ReadHead(code);
  if (!in_.ok()) return;
  if (instr.op == Opcode::If) {
    const std::string_view label = in_.TakeId();
    // The branches see the label; the condition does not.
    instr.a = ReadBlockType().bits();
    while (in_.ok() && in_.AtOpen() && !in_.AtList("then")) ReadFolded(code);
    Emit(code, instr);
    code.labels.push_back(label);
    if (!in_.TakeList("then")) in_.Unexpected("(then");
    ReadInstructions(code);
    in_.Close();
    if (in_.AtList("else")) {
      Emit(code, {.op = Opcode::Else, .offset = in_.offset()});
      in_.TakeList("else");
      ReadInstructions(code);
      in_.Close();
    }
    EndBlock(code, in_.offset());
  } else if (IsBlock(instr.op)) {
    BeginBlock(code, instr);
    Emit(code, instr);
    if (instr.op == Opcode::LegacyTry) {
      ReadLegacyTry(code);
      in_.Close();
      --code.folded_depth;
      return;
    }
    ReadInstructions(code);
    EndBlock(code, in_.offset());
  } else {
    ReadImmediates(code, instr);
    while (in_.ok() && in_.AtOpen()) ReadFolded(code);
    Emit(code, instr);
  }
  in_.Close();
  --code.folded_depth;
}

uint32_t Reader::ReadLabel(const Code& code) {
  const Token& token = in_.Peek();
  if (token.kind != TokenKind::Id) return static_cast<uint32_t>(in_.Unsigned(32));
  for (size_t i = code.labels.size(); i-- > 0;) {
    if (code.labels[i] != token.text) continue;
    in_.Next();
    return static_cast<uint32_t>(code.labels.size() - 1 - i);
  }
  in_.Fail(ErrorCode::UnknownName, fmt::format("unknown label ${}", token.text));
  return 0;
}

uint32_t Reader::ReadLocal(const Code& code) { return Resolve(code.locals, "local"); }

uint32_t Reader::ReadFieldIndex(uint32_t type) {
  static const Names kNone;
  return Resolve(type < field_names_.size() ? field_names_[type] : kNone, "field");
}

void Reader::ReadCatches(Code& code, Instr& instr) {
  instr.b = static_cast<uint32_t>(code.body.catches.size());
  constexpr std::array<std::string_view, 4> kKinds = {"catch", "catch_ref", "catch_all",
                                                      "catch_all_ref"};
  for (;;) {
    const auto* kind =
        std::ranges::find_if(kKinds, [this](std::string_view each) { return in_.AtList(each); });
    if (kind == kKinds.end()) return;
    in_.TakeList(*kind);
    wasm::CatchClause clause;
    clause.kind = static_cast<wasm::CatchKind>(kind - kKinds.begin());
    if (clause.kind == wasm::CatchKind::Catch || clause.kind == wasm::CatchKind::CatchRef) {
      clause.tag = ReadIndex(Space::Tag);
    }
    clause.label = ReadLabel(code);
    in_.Close();
    code.body.catches.push_back(clause);
    ++instr.bits;
  }
}

void Reader::ReadMemArg(Instr& instr) {
  const bool has_lane = wasm::AccessesLane(instr.op);
  // Of an access to a lane, a single index is the lane; an instruction may follow it.
  const auto index_is_memory = [this] {
    const Token& next = in_.Peek(1);
    return AtIndex() && next.kind == TokenKind::Word &&
           (next.text.starts_with("offset=") || next.text.starts_with("align=") ||
            (next.text[0] >= '0' && next.text[0] <= '9'));
  };
  if (!has_lane || in_.Peek().kind == TokenKind::Id || index_is_memory()) {
    instr.a = ReadOptionalIndex(Space::Memory);
  }
  uint64_t align = wasm::AccessBytes(instr.op);
  const auto take = [this](std::string_view key, unsigned bits) -> std::optional<uint64_t> {
    const Token& token = in_.Peek();
    if (token.kind != TokenKind::Word || !token.text.starts_with(key)) return std::nullopt;
    const Number number = ReadUnsigned(token.text.substr(key.size()), bits);
    in_.Check(number, "a number");
    return number.bits;
  };
  if (const auto offset = take("offset=", 64)) instr.bits = *offset;
  const uint32_t at = in_.offset();
  if (const auto written = take("align=", 64)) {
    align = *written;
    if (align == 0 || (align & (align - 1)) != 0) in_.FailAt(at, ErrorCode::MalformedAlignment, {});
  }
  while (align > 1) {
    align >>= 1;
    ++instr.b;
  }
  if (has_lane) instr.b |= ReadLane() << 8;
}

uint32_t Reader::ReadLane() {
  const Token& token = in_.Peek();
  const Number number = token.kind == TokenKind::Word ? ReadUnsigned(token.text, 8) : Number{};
  if (number.status == NumberStatus::Ok) {
    in_.Next();
  } else {
    in_.Fail(ErrorCode::MalformedLane, std::string(token.text));
  }
  return static_cast<uint32_t>(number.bits);
}

void Reader::ReadImmediates(Code& code, Instr& instr) {
  using wasm::Immediates;
  const Immediates immediates = wasm::Info(instr.op).immediates;
  if (wasm::AccessBytes(instr.op) != 0) return ReadMemArg(instr);
  switch (immediates) {
    case Immediates::BrTable:
      instr.a = static_cast<uint32_t>(code.body.labels.size());
      do {
        code.body.labels.push_back(ReadLabel(code));
      } while (in_.ok() && AtIndex());
      instr.b = static_cast<uint32_t>(code.body.labels.size()) - instr.a - 1;
      return;
    case Immediates::BrCast:
      instr.a = ReadLabel(code);
      instr.b = ReadRefType().bits();
      instr.bits = ReadRefType().bits();
      return;
    case Immediates::TypeTable:
      instr.b = ReadOptionalIndex(Space::Table);
      instr.a = ReadTypeUse(nullptr);
      return;
    case Immediates::ElemTable:
      // The table's index may be left out; what stands alone is the segment.
      if (in_.Peek(1).kind == TokenKind::Id ||
          (in_.Peek(1).kind == TokenKind::Word && AtIndex() && in_.Peek(1).text[0] >= '0' &&
           in_.Peek(1).text[0] <= '9')) {
        instr.b = ReadIndex(Space::Table);
      }
      instr.a = ReadIndex(Space::Elem);
      return;
    case Immediates::DataMemory:
      if (in_.Peek(1).kind == TokenKind::Id ||
          (in_.Peek(1).kind == TokenKind::Word && AtIndex() && in_.Peek(1).text[0] >= '0' &&
           in_.Peek(1).text[0] <= '9')) {
        instr.b = ReadIndex(Space::Memory);
      }
      instr.a = ReadIndex(Space::Data);
      return;
    case Immediates::TableTable:
    case Immediates::MemoryMemory:
      if (AtIndex()) {
        const Space space = immediates == Immediates::TableTable ? Space::Table : Space::Memory;
        instr.a = ReadIndex(space);
        instr.b = ReadIndex(space);
      }
      return;
    default:
      break;
  }
  if (instr.op == Opcode::Select) {
    if (!in_.AtList("result")) return;
    instr.op = Opcode::SelectTyped;
    instr.a = static_cast<uint32_t>(code.body.types.size());
    while (in_.TakeList("result")) {
      while (!in_.AtClose()) code.body.types.push_back(ReadValType());
      in_.Close();
    }
    instr.b = static_cast<uint32_t>(code.body.types.size()) - instr.a;
    return;
  }
  if (instr.op == Opcode::RefTest || instr.op == Opcode::RefCast) {
    const wasm::ValType type = ReadRefType();
    instr.a = type.heap().code();
    if (type.nullable())
      instr.op = instr.op == Opcode::RefTest ? Opcode::RefTestNull : Opcode::RefCastNull;
    return;
  }
  const wasm::ImmediatesInfo& info = wasm::Info(immediates);
  uint32_t* slot = &instr.a;
  for (const ImmediateKind kind : {info.first, info.second}) {
    switch (kind) {
      case ImmediateKind::Nothing:
        break;
      case ImmediateKind::Label:
        *slot = ReadLabel(code);
        break;
      case ImmediateKind::Func:
        *slot = ReadIndex(Space::Func);
        break;
      case ImmediateKind::Type:
        *slot = ReadIndex(Space::Type);
        break;
      case ImmediateKind::Table:
        *slot = ReadOptionalIndex(Space::Table);
        break;
      case ImmediateKind::Local:
        *slot = ReadLocal(code);
        break;
      case ImmediateKind::Global:
        *slot = ReadIndex(Space::Global);
        break;
      case ImmediateKind::Elem:
        *slot = ReadIndex(Space::Elem);
        break;
      case ImmediateKind::Data:
        *slot = ReadIndex(Space::Data);
        break;
      case ImmediateKind::Memory:
        *slot = ReadOptionalIndex(Space::Memory);
        break;
      case ImmediateKind::Tag:
        *slot = ReadIndex(Space::Tag);
        break;
      case ImmediateKind::Field:
        *slot = ReadFieldIndex(instr.a);
        break;
      case ImmediateKind::Count:
        *slot = static_cast<uint32_t>(in_.Unsigned(32));
        break;
      case ImmediateKind::Heap:
        *slot = ReadHeapType().code();
        break;
      case ImmediateKind::V128: {
        VectorReader vector(in_);
        while (vector.More()) vector.Add(vector.ReadLane());
        return SetVector(instr, vector.value());
      }
      case ImmediateKind::Lanes: {
        std::array<uint8_t, 16> lanes{};
        for (uint8_t& lane : lanes) lane = static_cast<uint8_t>(ReadLane());
        return SetVector(instr, wasm::VectorOfBytes(lanes));
      }
      case ImmediateKind::Lane:
        *slot = ReadLane();
        break;
      case ImmediateKind::I32:
      case ImmediateKind::I64:
      case ImmediateKind::F32:
      case ImmediateKind::F64: {
        const std::string_view text =
            in_.Peek().kind == TokenKind::Word ? in_.Peek().text : std::string_view();
        const Number number = kind == ImmediateKind::I32   ? ReadInteger(text, 32)
                              : kind == ImmediateKind::I64 ? ReadInteger(text, 64)
                              : kind == ImmediateKind::F32 ? ReadF32(text)
                                                           : ReadF64(text);
        in_.Check(number, "a number");
        instr.bits = number.bits;
        break;
      }
      case ImmediateKind::BlockType:
      case ImmediateKind::Align:
      case ImmediateKind::Offset:
      case ImmediateKind::Labels:
      case ImmediateKind::Types:
      case ImmediateKind::Catches:
      case ImmediateKind::RefTypes:
        break;  // read above
    }
    slot = &instr.b;
  }
}

}  // namespace slabhound::text
