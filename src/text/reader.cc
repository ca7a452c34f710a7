#include "text/reader.h"

#include "text/wat.h"
#include "wasm/limits.h"

namespace slabhound::text {

using wasm::ErrorCode;

namespace {

constexpr std::array<std::string_view, wasm::kIndexSpaceCount> kSpaceNames = {
    "function", "table", "memory", "global", "tag", "type", "elem segment", "data segment"};
}  // namespace

std::optional<Space> SpaceOf(std::string_view keyword) {
  if (keyword == "func") return Space::Func;
  if (keyword == "table") return Space::Table;
  if (keyword == "memory") return Space::Memory;
  if (keyword == "global") return Space::Global;
  if (keyword == "tag") return Space::Tag;
  return std::nullopt;
}

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
  KeepNames();
  return std::move(module_);
}

void Reader::KeepNames() {
  wasm::Names names;
  const auto keep = [](const Names& from, wasm::NameMap& to) {
    for (const auto& [name, index] : from) to.emplace(index, name);
  };
  for (size_t i = 0; i < names_.size(); ++i) keep(names_[i], names.spaces[i]);
  for (const auto& [function, locals] : local_names_) keep(locals, names.locals[function]);
  for (uint32_t type = 0; type < field_names_.size(); ++type) {
    if (!field_names_[type].empty()) keep(field_names_[type], names.fields[type]);
  }
  if (!names.empty()) module_.names = std::make_shared<const wasm::Names>(std::move(names));
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
