// Fields that name or fill what others define: exports, start, segments, custom sections.
#include "text/reader.h"
#include "wasm/byte_reader.h"

namespace slabhound::text {

using wasm::ErrorCode;

std::string Reader::ReadName(std::string_view what) {
  const uint32_t offset = in_.offset();
  std::string name = in_.String();
  if (!wasm::IsUtf8(AsBytes(name))) in_.FailAt(offset, ErrorCode::MalformedUtf8, std::string(what));
  return name;
}

void Reader::ReadExport() {
  wasm::Export exported;
  exported.offset = in_.offset();
  exported.name = ReadName("an export's name");
  in_.Open();
  const Token kind = in_.Next();
  const auto space = SpaceOf(kind.text);
  if (!space)
    return in_.FailAt(kind.offset, ErrorCode::Syntax,
                      "expected func, table, memory, global or tag");
  exported.kind = KindOf(*space);
  exported.index = ReadIndex(*space);
  in_.Close();
  module_.exports.push_back(std::move(exported));
}

void Reader::ReadStart() {
  if (module_.start) in_.Fail(ErrorCode::MultipleStart, {});
  module_.start_offset = in_.offset();
  module_.start = ReadIndex(Space::Func);
}

wasm::Body Reader::ReadOffset() {
  if (in_.TakeList("offset")) {
    wasm::Body body = ReadExpression();
    in_.Close();
    return body;
  }
  return ReadFoldedExpression();
}

void Reader::ReadElem() {
  wasm::ElemSegment segment;
  segment.offset = in_.offset();
  in_.TakeId();
  ++Count(Space::Elem);
  if (in_.TakeWord("declare")) {
    segment.mode = wasm::SegmentMode::Declarative;
    ReadElemList(segment, /*allow_bare=*/false);
  } else if (in_.AtWord("func") || AtRefType()) {
    segment.mode = wasm::SegmentMode::Passive;
    ReadElemList(segment, /*allow_bare=*/false);
  } else {
    segment.mode = wasm::SegmentMode::Active;
    bool has_table = false;
    if (in_.TakeList("table")) {
      segment.table = ReadIndex(Space::Table);
      in_.Close();
      has_table = true;
    } else if (AtIndex()) {
      segment.table = ReadIndex(Space::Table);
    }
    segment.table_offset = ReadOffset();
    ReadElemList(segment, /*allow_bare=*/!has_table);
  }
  module_.elems.push_back(std::move(segment));
}

void Reader::ReadElemList(wasm::ElemSegment& segment, bool allow_bare) {
  if (AtRefType()) {
    segment.type = ReadRefType();
    while (!in_.AtClose()) ReadElemItem(segment);
    return;
  }
  if (!in_.TakeWord("func") && !allow_bare) return in_.Unexpected("func or a reference type");
  segment.type = wasm::ValType::Ref(wasm::AbstractHeap::Func, false);
  segment.plain_functions = true;
  ReadElemFunctions(segment);
}

void Reader::ReadElemFunctions(wasm::ElemSegment& segment) {
  while (AtIndex()) {
    const uint32_t at = in_.offset();
    wasm::Body item;
    item.code = {{.op = wasm::Opcode::RefFunc, .offset = at, .a = ReadIndex(Space::Func)},
                 {.op = wasm::Opcode::End, .offset = at}};
    segment.items.push_back(std::move(item));
  }
}

void Reader::ReadElemItem(wasm::ElemSegment& segment) {
  if (in_.TakeList("item")) {
    segment.items.push_back(ReadExpression());
    in_.Close();
  } else {
    segment.items.push_back(ReadFoldedExpression());
  }
}

void Reader::ReadData() {
  wasm::DataSegment segment;
  segment.offset = in_.offset();
  in_.TakeId();
  ++Count(Space::Data);
  if (in_.AtOpen() || AtIndex()) {
    segment.mode = wasm::SegmentMode::Active;
    if (in_.TakeList("memory")) {
      segment.memory = ReadIndex(Space::Memory);
      in_.Close();
    } else if (AtIndex()) {
      segment.memory = ReadIndex(Space::Memory);
    }
    segment.memory_offset = ReadOffset();
  }
  segment.bytes = ReadStrings();
  module_.datas.push_back(std::move(segment));
}

// A name, where the section belongs, and its contents (spec A.6, custom annotations). Where it
// belongs is not kept: custom sections are written last.
void Reader::ReadCustom(const CustomTokens& custom) {
  const std::vector<Token>& list = custom.list;
  size_t at = 0;
  const auto is = [&](size_t index, TokenKind kind) {
    return index < list.size() && list[index].kind == kind;
  };
  if (!is(0, TokenKind::String)) {
    return in_.FailAt(custom.offset, ErrorCode::Syntax, "a custom section needs a name");
  }
  wasm::CustomSection section{in_.StringOf(list[at++]), {}};
  if (!wasm::IsUtf8(AsBytes(section.name))) {
    return in_.FailAt(custom.offset, ErrorCode::MalformedUtf8, "a custom section's name");
  }
  if (is(1, TokenKind::Open) && is(2, TokenKind::Word) && is(3, TokenKind::Word) &&
      is(4, TokenKind::Close) && (list[2].text == "before" || list[2].text == "after")) {
    at = 5;
  }
  for (; is(at, TokenKind::String); ++at) {
    const ByteSpan content = AsBytes(in_.StringOf(list[at]));
    section.bytes.insert(section.bytes.end(), content.begin(), content.end());
  }
  if (at != list.size()) {
    return in_.FailAt(list[at].offset, ErrorCode::Syntax, "expected a string in a custom section");
  }
  module_.customs.push_back(std::move(section));
}

Bytes Reader::ReadStrings() {
  Bytes bytes;
  while (in_.Peek().kind == TokenKind::String) {
    const ByteSpan content = AsBytes(in_.StringOf(in_.Next()));
    bytes.insert(bytes.end(), content.begin(), content.end());
  }
  return bytes;
}

}  // namespace slabhound::text
