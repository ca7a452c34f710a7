// Fields that define or import something: functions, tables, memories, globals, tags.
#include "base/check.h"
#include "text/reader.h"
#include "wasm/limits.h"

namespace slabhound::text {

using wasm::ErrorCode;
using wasm::ExternKind;

namespace {

constexpr uint64_t kPageBytes = 65536;

// The offset 0 of a segment that is written inside a table or memory of that address type.
wasm::Body OffsetZero(bool is_64, uint32_t offset) {
  wasm::Body body;
  body.code = {{.op = is_64 ? wasm::Opcode::I64Const : wasm::Opcode::I32Const, .offset = offset},
               {.op = wasm::Opcode::End, .offset = offset}};
  return body;
}

}  // namespace

wasm::ImportType Reader::ReadExternType(ExternKind kind) {
  std::vector<std::string_view> names;  // allowed, and without a use
  switch (kind) {
    case ExternKind::Func:
      return wasm::FuncRef{ReadTypeUse(&names)};
    case ExternKind::Table:
      return ReadTableType();
    case ExternKind::Memory:
      return wasm::MemoryType{ReadLimits()};
    case ExternKind::Global:
      return ReadGlobalType();
    case ExternKind::Tag:
      return wasm::TagType{ReadTypeUse(&names)};
  }
  UNREACHABLE();
}

void Reader::ReadImport() {
  wasm::Import import;
  import.offset = in_.offset();
  import.module = ReadName("an import's name");
  import.name = ReadName("an import's name");
  in_.Open();
  const Token head = in_.Next();
  in_.TakeId();
  if (const auto space = SpaceOf(head.text)) {
    import.type = ReadExternType(KindOf(*space));
    ++Count(*space);
  } else {
    in_.FailAt(head.offset, ErrorCode::Syntax, "expected func, table, memory, global or tag");
  }
  in_.Close();
  module_.imports.push_back(std::move(import));
}

bool Reader::BeginDefinition(Space space, uint32_t offset) {
  in_.TakeId();
  const ExternKind kind = KindOf(space);
  const uint32_t index = Count(space)++;
  while (in_.AtList("export")) {
    const uint32_t at = in_.offset();
    in_.TakeList("export");
    module_.exports.push_back({ReadName("an export's name"), kind, index, at});
    in_.Close();
  }
  if (!in_.TakeList("import")) return true;
  wasm::Import import;
  import.offset = offset;
  import.module = ReadName("an import's name");
  import.name = ReadName("an import's name");
  in_.Close();
  import.type = ReadExternType(kind);
  module_.imports.push_back(std::move(import));
  return false;
}

void Reader::ReadFunc() {
  const uint32_t offset = in_.offset();
  const uint32_t index = Count(Space::Func);
  if (!BeginDefinition(Space::Func, offset)) return;
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
  if (!code.locals.empty()) local_names_.emplace(index, std::move(code.locals));
  function.body = std::move(code.body);
  module_.functions.push_back(std::move(function));
}

void Reader::ReadTable() {
  const uint32_t offset = in_.offset();
  if (!BeginDefinition(Space::Table, offset)) return;
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
    segment.table = Count(Space::Table) - 1;
    segment.type = table.type.element;
    segment.table_offset = OffsetZero(is_64, offset);
    if (!in_.TakeList("elem")) in_.Unexpected("(elem");
    if (in_.AtOpen()) {
      while (!in_.AtClose()) ReadElemItem(segment);
    } else {
      segment.plain_functions = segment.type == wasm::ValType::Ref(wasm::AbstractHeap::Func, false);
      ReadElemFunctions(segment);
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
  if (!BeginDefinition(Space::Memory, offset)) return;
  const size_t place = in_.place();
  const bool is_64 = ReadAddressType();
  if (!in_.TakeList("data")) {
    in_.set_place(place);
    module_.memories.push_back({{ReadLimits()}, offset});
    return;
  }
  wasm::DataSegment segment;
  segment.offset = offset;
  segment.mode = wasm::SegmentMode::Active;
  segment.memory = Count(Space::Memory) - 1;
  segment.memory_offset = OffsetZero(is_64, offset);
  segment.bytes = ReadStrings();
  in_.Close();
  ++Count(Space::Data);
  const uint64_t pages = (segment.bytes.size() + kPageBytes - 1) / kPageBytes;
  module_.memories.push_back({{{pages, pages, is_64}}, offset});
  module_.datas.push_back(std::move(segment));
}

void Reader::ReadGlobal() {
  wasm::Global global;
  global.offset = in_.offset();
  if (!BeginDefinition(Space::Global, global.offset)) return;
  global.type = ReadGlobalType();
  global.init = ReadExpression();
  module_.globals.push_back(std::move(global));
}

void Reader::ReadTag() {
  const uint32_t offset = in_.offset();
  if (!BeginDefinition(Space::Tag, offset)) return;
  std::vector<std::string_view> names;
  module_.tags.push_back({{ReadTypeUse(&names)}, offset});
}

}  // namespace slabhound::text
