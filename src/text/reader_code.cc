// Instructions of the text format (spec 6.5), flat and folded.
#include <algorithm>

#include "text/reader.h"
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
  return op == Opcode::Block || op == Opcode::Loop || op == Opcode::If || op == Opcode::TryTable;
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
  std::vector<bool> may_else;  // of the flat blocks opened here
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
      may_else.pop_back();
    } else if (in_.AtWord("else") && !may_else.empty() && may_else.back()) {
      Emit(code, {.op = Opcode::Else, .offset = in_.offset()});
      in_.Next();
      CheckLabelName(code);
      may_else.back() = false;
    } else {
      Instr instr = ReadHead(code);
      if (!in_.ok()) return;
      if (IsBlock(instr.op)) {
        BeginBlock(code, instr);
        Emit(code, instr);
        may_else.push_back(instr.op == Opcode::If);
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
  if (!op || *op == Opcode::End || *op == Opcode::Else) {
    if (token.kind == TokenKind::Word && !op) {
      in_.Fail(ErrorCode::UnknownOperator, std::string(token.text));
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

void Reader::ReadMemArg(Instr& instr, uint32_t natural_bytes) {
  instr.a = ReadOptionalIndex(Space::Memory);
  uint64_t align = natural_bytes;
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
}

void Reader::ReadImmediates(Code& code, Instr& instr) {
  using wasm::Immediates;
  const Immediates immediates = wasm::Info(instr.op).immediates;
  switch (immediates) {
    case Immediates::MemArg1:
    case Immediates::MemArg2:
    case Immediates::MemArg4:
    case Immediates::MemArg8:
      return ReadMemArg(instr, wasm::AccessBytes(instr.op));
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
