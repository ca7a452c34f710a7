#include "text/reader.h"

#include "text/wat.h"
#include "wasm/byte_reader.h"
#include "wasm/limits.h"

namespace slabhound::text {

using wasm::ErrorCode;
using wasm::ExternKind;

namespace {

constexpr std::array<std::string_view, kSpaceCount> kSpaceNames = {
    "type", "function", "table", "memory", "global", "tag", "elem segment", "data segment"};
constexpr uint64_t kPageBytes = 65536;

std::optional<Space> SpaceOf(std::string_view keyword) {
  if (keyword == "func") return Space::Func;
  if (keyword == "table") return Space::Table;
  if (keyword == "memory") return Space::Memory;
  if (keyword == "global") return Space::Global;
  if (keyword == "tag") return Space::Tag;
  return std::nullopt;
}

}  // namespace

Result<wasm::Module, wasm::Error> Reader::ReadFields(size_t place) {
  first_ = place;
  in_.set_place(place);
  CollectNames();
  in_.set_place(place);
  ReadTypes();
  in_.set_place(place);
  counts_ = {};
  while (!in_.AtClose()) ReadField();
  for (const CustomTokens& custom : in_.customs()) {
    if (custom.place >= first_ && custom.place <= in_.place()) ReadCustom(custom);
  }
  if (!in_.ok()) return Fail(in_.TakeError());
  if (module_.types.size() > wasm::limits::kTypesMax) {
    in_.Fail(ErrorCode::LimitExceeded, "too many types");
    return Fail(in_.TakeError());
  }
  return std::move(module_);
}

void Reader::Define(Space space, uint32_t offset, std::string_view name) {
  const uint32_t index = Count(space)++;
  if (name.empty()) return;
  if (!names_[static_cast<size_t>(space)].try_emplace(name, index).second) {
    in_.FailAt(offset, ErrorCode::DuplicateName,
               fmt::format("duplicate {} ${}", kSpaceNames[static_cast<size_t>(space)], name));
  }
}

void Reader::CollectNames() {
  bool defined = false;  // something that no import may follow
  while (!in_.AtClose()) CollectField(defined);
}

void Reader::CollectField(bool& defined) {
  const uint32_t offset = in_.offset();
  in_.Open();
  const Token& head = in_.Next();
  if (!in_.ok()) return;
  if (head.text == "type") {
    Define(Space::Type, offset, in_.TakeId());
  } else if (head.text == "rec") {
    while (in_.TakeList("type")) {
      Define(Space::Type, offset, in_.TakeId());
      in_.SkipToClose();
    }
  } else if (head.text == "import") {
    in_.Skip();
    in_.Skip();
    in_.Open();
    const auto space = SpaceOf(in_.Next().text);
    if (defined) in_.FailAt(offset, ErrorCode::ImportAfterDefinition, {});
    if (space) Define(*space, offset, in_.TakeId());
    in_.SkipToClose();
  } else if (const auto space = SpaceOf(head.text)) {
    Define(*space, offset, in_.TakeId());
    while (in_.AtList("export")) in_.Skip();
    if (in_.AtList("import")) {
      if (defined) in_.FailAt(offset, ErrorCode::ImportAfterDefinition, {});
    } else {
      defined = true;
    }
    // Abbreviations that define a segment too; it takes its index here.
    if (space == Space::Table) {
      const size_t place = in_.place();
      while (!in_.AtClose() && !in_.AtList("elem")) in_.Skip();
      if (in_.AtList("elem")) Define(Space::Elem, offset, {});
      in_.set_place(place);
    }
    if (space == Space::Memory) {
      const size_t place = in_.place();
      while (!in_.AtClose() && !in_.AtList("data")) in_.Skip();
      if (in_.AtList("data")) Define(Space::Data, offset, {});
      in_.set_place(place);
    }
  } else if (head.text == "elem") {
    Define(Space::Elem, offset, in_.TakeId());
  } else if (head.text == "data") {
    Define(Space::Data, offset, in_.TakeId());
  }
  in_.SkipToClose();
}

void Reader::ReadField() {
  in_.Open();
  const Token head = in_.Next();
  if (!in_.ok()) return;
  if (head.text == "type" || head.text == "rec") {
    in_.SkipToClose();  // read before
    return;
  }
  if (head.text == "import") {
    ReadImport();
  } else if (head.text == "func") {
    ReadFunc();
  } else if (head.text == "table") {
    ReadTable();
  } else if (head.text == "memory") {
    ReadMemory();
  } else if (head.text == "global") {
    ReadGlobal();
  } else if (head.text == "tag") {
    ReadTag();
  } else if (head.text == "export") {
    ReadExport();
  } else if (head.text == "start") {
    ReadStart();
  } else if (head.text == "elem") {
    ReadElem();
  } else if (head.text == "data") {
    ReadData();
  } else {
    in_.FailAt(head.offset, ErrorCode::Syntax,
               fmt::format("expected a module field, found {}", head.text));
  }
  in_.Close();
}

void Reader::ReadImport() {
  wasm::Import import;
  import.offset = in_.offset();
  import.module = in_.String();
  import.name = in_.String();
  if (!wasm::IsUtf8(AsBytes(import.module)) || !wasm::IsUtf8(AsBytes(import.name))) {
    in_.FailAt(import.offset, ErrorCode::MalformedUtf8, "an import's name");
  }
  in_.Open();
  const Token kind = in_.Next();
  in_.TakeId();
  if (kind.text == "func") {
    std::vector<std::string_view> names;
    import.type = wasm::FuncRef{ReadTypeUse(&names)};
    ++Count(Space::Func);
  } else if (kind.text == "table") {
    import.type = ReadTableType();
    ++Count(Space::Table);
  } else if (kind.text == "memory") {
    import.type = wasm::MemoryType{ReadLimits()};
    ++Count(Space::Memory);
  } else if (kind.text == "global") {
    import.type = ReadGlobalType();
    ++Count(Space::Global);
  } else if (kind.text == "tag") {
    std::vector<std::string_view> names;
    import.type = wasm::TagType{ReadTypeUse(&names)};
    ++Count(Space::Tag);
  } else {
    in_.FailAt(kind.offset, ErrorCode::Syntax, "expected func, table, memory, global or tag");
  }
  in_.Close();
  module_.imports.push_back(std::move(import));
}

void Reader::InlineExports(ExternKind kind, uint32_t index) {
  while (in_.AtList("export")) {
    const uint32_t offset = in_.offset();
    in_.TakeList("export");
    std::string name = in_.String();
    if (!wasm::IsUtf8(AsBytes(name)))
      in_.FailAt(offset, ErrorCode::MalformedUtf8, "an export's name");
    module_.exports.push_back({std::move(name), kind, index, offset});
    in_.Close();
  }
}

bool Reader::InlineImport(std::string& module, std::string& name) {
  if (!in_.TakeList("import")) return false;
  const uint32_t offset = in_.offset();
  module = in_.String();
  name = in_.String();
  if (!wasm::IsUtf8(AsBytes(module)) || !wasm::IsUtf8(AsBytes(name))) {
    in_.FailAt(offset, ErrorCode::MalformedUtf8, "an import's name");
  }
  in_.Close();
  return true;
}

void Reader::ReadFunc() {
  const uint32_t offset = in_.offset();
  in_.TakeId();
  InlineExports(ExternKind::Func, Count(Space::Func)++);
  wasm::Import import;
  import.offset = offset;
  if (InlineImport(import.module, import.name)) {
    std::vector<std::string_view> names;
    import.type = wasm::FuncRef{ReadTypeUse(&names)};
    module_.imports.push_back(std::move(import));
    return;
  }
  wasm::Function function;
  function.offset = offset;
  std::vector<std::string_view> names;
  function.type = ReadTypeUse(&names);
  if (!in_.ok()) return;
  Code code;
  // Parameters of a type that was only named have no names.
  if (function.type < module_.types.size()) {
    if (const auto* signature =
            std::get_if<wasm::FuncType>(&module_.types[function.type].composite)) {
      names.resize(std::max(names.size(), signature->params.size()));
    }
  }
  while (in_.TakeList("local")) {
    if (const std::string_view name = in_.TakeId(); !name.empty()) {
      names.push_back(name);
      function.locals.push_back(ReadValType());
    } else {
      while (!in_.AtClose()) {
        names.push_back({});
        function.locals.push_back(ReadValType());
      }
    }
    in_.Close();
    if (names.size() > wasm::limits::kLocalsMax)
      in_.Fail(ErrorCode::LimitExceeded, "too many locals");
  }
  for (uint32_t i = 0; i < names.size(); ++i) {
    if (!names[i].empty() && !code.locals.try_emplace(names[i], i).second) {
      in_.FailAt(offset, ErrorCode::DuplicateName, fmt::format("duplicate local ${}", names[i]));
    }
  }
  ReadInstructions(code);
  Emit(code, {.op = wasm::Opcode::End, .offset = in_.offset()});
  function.body = std::move(code.body);
  module_.functions.push_back(std::move(function));
}

void Reader::ReadTable() {
  const uint32_t offset = in_.offset();
  in_.TakeId();
  const uint32_t index = Count(Space::Table)++;
  InlineExports(ExternKind::Table, index);
  wasm::Import import;
  import.offset = offset;
  if (InlineImport(import.module, import.name)) {
    import.type = ReadTableType();
    module_.imports.push_back(std::move(import));
    return;
  }
  wasm::Table table;
  table.offset = offset;
  const size_t place = in_.place();
  const bool is_64 = ReadAddressType();
  if (AtRefType()) {
    // `reftype (elem …)`: a table just large enough, and an active segment.
    table.type.element = ReadRefType();
    wasm::ElemSegment segment;
    segment.offset = in_.offset();
    segment.mode = wasm::SegmentMode::Active;
    segment.table = index;
    segment.type = table.type.element;
    segment.table_offset.code = {
        {.op = is_64 ? wasm::Opcode::I64Const : wasm::Opcode::I32Const, .offset = offset},
        {.op = wasm::Opcode::End, .offset = offset}};
    if (!in_.TakeList("elem")) in_.Unexpected("(elem");
    if (in_.AtOpen()) {
      while (!in_.AtClose()) ReadElemItem(segment);
    } else {
      segment.plain_functions = segment.type == wasm::ValType::Ref(wasm::AbstractHeap::Func, false);
      while (AtIndex()) {
        const uint32_t at = in_.offset();
        wasm::Body item;
        item.code = {{.op = wasm::Opcode::RefFunc, .offset = at, .a = ReadIndex(Space::Func)},
                     {.op = wasm::Opcode::End, .offset = at}};
        segment.items.push_back(std::move(item));
      }
    }
    in_.Close();
    ++Count(Space::Elem);
    table.type.limits = {segment.items.size(), segment.items.size(), is_64};
    module_.elems.push_back(std::move(segment));
  } else {
    in_.set_place(place);
    table.type = ReadTableType();
    if (!in_.AtClose()) table.init = ReadExpression();
  }
  module_.tables.push_back(std::move(table));
}

void Reader::ReadMemory() {
  const uint32_t offset = in_.offset();
  in_.TakeId();
  const uint32_t index = Count(Space::Memory)++;
  InlineExports(ExternKind::Memory, index);
  wasm::Import import;
  import.offset = offset;
  if (InlineImport(import.module, import.name)) {
    import.type = wasm::MemoryType{ReadLimits()};
    module_.imports.push_back(std::move(import));
    return;
  }
  const size_t place = in_.place();
  const bool is_64 = ReadAddressType();
  if (in_.TakeList("data")) {
    wasm::DataSegment segment;
    segment.offset = offset;
    segment.mode = wasm::SegmentMode::Active;
    segment.memory = index;
    segment.memory_offset.code = {
        {.op = is_64 ? wasm::Opcode::I64Const : wasm::Opcode::I32Const, .offset = offset},
        {.op = wasm::Opcode::End, .offset = offset}};
    segment.bytes = ReadStrings();
    in_.Close();
    ++Count(Space::Data);
    const uint64_t pages = (segment.bytes.size() + kPageBytes - 1) / kPageBytes;
    module_.memories.push_back({{{pages, pages, is_64}}, offset});
    module_.datas.push_back(std::move(segment));
    return;
  }
  in_.set_place(place);
  module_.memories.push_back({{ReadLimits()}, offset});
}

void Reader::ReadGlobal() {
  const uint32_t offset = in_.offset();
  in_.TakeId();
  InlineExports(ExternKind::Global, Count(Space::Global)++);
  wasm::Import import;
  import.offset = offset;
  if (InlineImport(import.module, import.name)) {
    import.type = ReadGlobalType();
    module_.imports.push_back(std::move(import));
    return;
  }
  wasm::Global global;
  global.offset = offset;
  global.type = ReadGlobalType();
  global.init = ReadExpression();
  module_.globals.push_back(std::move(global));
}

void Reader::ReadTag() {
  const uint32_t offset = in_.offset();
  in_.TakeId();
  InlineExports(ExternKind::Tag, Count(Space::Tag)++);
  wasm::Import import;
  import.offset = offset;
  const bool imported = InlineImport(import.module, import.name);
  std::vector<std::string_view> names;
  const wasm::TagType type{ReadTypeUse(&names)};
  if (imported) {
    import.type = type;
    module_.imports.push_back(std::move(import));
  } else {
    module_.tags.push_back({type, offset});
  }
}

void Reader::ReadExport() {
  wasm::Export exported;
  exported.offset = in_.offset();
  exported.name = in_.String();
  if (!wasm::IsUtf8(AsBytes(exported.name)))
    in_.FailAt(exported.offset, ErrorCode::MalformedUtf8, "an export's name");
  in_.Open();
  const Token kind = in_.Next();
  const auto space = SpaceOf(kind.text);
  if (!space)
    return in_.FailAt(kind.offset, ErrorCode::Syntax,
                      "expected func, table, memory, global or tag");
  // ExternKind has the order of the spaces from Func on.
  exported.kind =
      static_cast<ExternKind>(static_cast<uint8_t>(*space) - static_cast<uint8_t>(Space::Func));
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

uint32_t Reader::Resolve(const Names& names, std::string_view what) {
  const Token& token = in_.Peek();
  if (token.kind != TokenKind::Id) return static_cast<uint32_t>(in_.Unsigned(32));
  const auto found = names.find(token.text);
  if (found == names.end()) {
    in_.Fail(ErrorCode::UnknownName, fmt::format("unknown {} ${}", what, token.text));
    return 0;
  }
  in_.Next();
  return found->second;
}

uint32_t Reader::ReadIndex(Space space) {
  return Resolve(names_[static_cast<size_t>(space)], kSpaceNames[static_cast<size_t>(space)]);
}

Result<wasm::Module, wasm::Error> ReadModule(std::string_view source) {
  TRY_ASSIGN(const Tokens tokens, Lex(source));
  Cursor in(tokens);
  size_t place = 0;
  const bool wrapped = in.TakeList("module");
  if (wrapped) {
    in.TakeId();
    place = in.place();
    in.SkipToClose();
    if (in.ok() && in.Peek().kind != TokenKind::End) in.Unexpected("the end");
  } else {
    while (in.ok() && in.Peek().kind != TokenKind::End) {
      if (!in.AtOpen()) in.Unexpected("a module");
      in.Skip();
    }
  }
  if (!in.ok()) return Fail(in.TakeError());
  return Reader(tokens).ReadFields(place);
}

}  // namespace slabhound::text
