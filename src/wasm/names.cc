#include "wasm/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/leb128.h"
#include "wasm/byte_reader.h"
#include "wasm/limits.h"
#include "wasm/module.h"

namespace slabhound::wasm {
namespace {

constexpr size_t kIdentifierBytesMax = 1'000;
constexpr size_t kMessageNameBytesMax = 100;

// Subsections of names by index; each space has one that maps its indices.
enum SubsectionId : uint8_t { kLocalNames = 2, kFieldNames = 10 };
constexpr std::array<uint8_t, kIndexSpaceCount> kSubsectionOf = {1, 5, 6, 7, 11, 4, 8, 9};

std::array<size_t, kIndexSpaceCount> SizesOf(const Module& module) {
  return {module.FunctionCount(), module.TableCount(), module.MemoryCount(), module.GlobalCount(),
          module.TagCount(),      module.types.size(), module.elems.size(),  module.datas.size()};
}

class Reader {
 public:
  explicit Reader(const Module& module) : sizes_(SizesOf(module)) {}

  Names Read(ByteSpan section) {
    ByteReader in(section);
    while (in.ok() && !in.at_end()) {
      const uint8_t id = in.Byte();
      ByteReader content(in.Take(in.U32()));
      if (id == kLocalNames) {
        ReadIndirect(content, names_.locals, SizeOf(IndexSpace::Func), limits::kLocalsMax);
      } else if (id == kFieldNames) {
        ReadIndirect(content, names_.fields, SizeOf(IndexSpace::Type), limits::kStructFieldsMax);
      } else if (const auto* found = std::ranges::find(kSubsectionOf, id);
                 found != kSubsectionOf.end()) {
        const auto space = static_cast<size_t>(found - kSubsectionOf.begin());
        ReadMap(content, names_.spaces[space], sizes_[space]);
      }
    }
    return std::move(names_);
  }

 private:
  size_t SizeOf(IndexSpace space) const { return sizes_[static_cast<size_t>(space)]; }

  void ReadMap(ByteReader& in, NameMap& names, size_t count) {
    for (uint32_t left = in.Count(UINT32_MAX, "names"); left > 0 && in.ok(); --left) {
      const uint32_t index = in.U32();
      std::string name = in.Name();
      if (!in.ok() || index >= count || name.empty() || names_left_ == 0) continue;
      if (names.try_emplace(index, std::move(name)).second) --names_left_;
    }
  }

  void ReadIndirect(ByteReader& in, std::map<uint32_t, NameMap>& names, size_t outer_count,
                    size_t inner_count) {
    for (uint32_t left = in.Count(UINT32_MAX, "name maps"); left > 0 && in.ok(); --left) {
      const uint32_t outer = in.U32();
      NameMap inner;
      ReadMap(in, inner, inner_count);
      if (outer < outer_count && !inner.empty()) names.try_emplace(outer, std::move(inner));
    }
  }

  std::array<size_t, kIndexSpaceCount> sizes_;
  Names names_;
  uint32_t names_left_ = limits::kNamesMax;
};

void AppendMap(Bytes& out, const NameMap& names) {
  AppendUnsignedLeb(out, names.size());
  for (const auto& [index, name] : names) {
    AppendUnsignedLeb(out, index);
    AppendUnsignedLeb(out, name.size());
    out.insert(out.end(), name.begin(), name.end());
  }
}

void AppendIndirect(Bytes& out, const std::map<uint32_t, NameMap>& names) {
  AppendUnsignedLeb(out, names.size());
  for (const auto& [outer, inner] : names) {
    AppendUnsignedLeb(out, outer);
    AppendMap(out, inner);
  }
}

template <typename Key, typename Value>
void RenumberKeys(std::map<Key, Value>& map, const NewIndex& change) {
  for (auto& [index, value] : std::exchange(map, {})) {
    if (const auto changed = change(index)) map.try_emplace(*changed, std::move(value));
  }
}

// A copy of the module's own, to change; null where it has no names.
std::shared_ptr<Names> OwnNames(const Module& module) {
  return module.names ? std::make_shared<Names>(*module.names) : nullptr;
}

std::string Text(const NameMap* names, uint32_t index) {
  if (names != nullptr) {
    const auto found = names->find(index);
    if (found != names->end() && found->second.size() <= kMessageNameBytesMax &&
        IsIdentifier(found->second)) {
      return fmt::format("${} (;{};)", found->second, index);
    }
  }
  return fmt::format("{}", index);
}

}  // namespace

bool Names::empty() const {
  return locals.empty() && fields.empty() && std::ranges::all_of(spaces, &NameMap::empty);
}

Names ReadNames(ByteSpan section, const Module& module) { return Reader(module).Read(section); }

Bytes NameSection(const Names& names) {
  Bytes out;
  constexpr uint8_t kLast = 11;
  for (uint8_t id = 1; id <= kLast; ++id) {
    Bytes content;
    if (id == kLocalNames) {
      if (!names.locals.empty()) AppendIndirect(content, names.locals);
    } else if (id == kFieldNames) {
      if (!names.fields.empty()) AppendIndirect(content, names.fields);
    } else if (const auto* found = std::ranges::find(kSubsectionOf, id);
               found != kSubsectionOf.end()) {
      const NameMap& map = names.spaces[static_cast<size_t>(found - kSubsectionOf.begin())];
      if (!map.empty()) AppendMap(content, map);
    }
    if (content.empty()) continue;
    out.push_back(id);
    AppendUnsignedLeb(out, content.size());
    out.insert(out.end(), content.begin(), content.end());
  }
  return out;
}

void Renumber(NameMap& names, const NewIndex& change) { RenumberKeys(names, change); }

void Renumber(Names& names, IndexSpace space, const NewIndex& change) {
  RenumberKeys(names.of(space), change);
  if (space == IndexSpace::Func) RenumberKeys(names.locals, change);
  if (space == IndexSpace::Type) RenumberKeys(names.fields, change);
}

void RenumberNames(Module& module, IndexSpace space, const NewIndex& change) {
  auto names = OwnNames(module);
  if (names == nullptr) return;
  Renumber(*names, space, change);
  module.names = std::move(names);
}

void RenumberLocalNames(Module& module, uint32_t function, const NewIndex& change) {
  auto names = OwnNames(module);
  if (names == nullptr || !names->locals.contains(function)) return;
  Renumber(names->locals[function], change);
  module.names = std::move(names);
}

void RenumberFieldNames(Module& module, uint32_t type, const NewIndex& change) {
  auto names = OwnNames(module);
  if (names == nullptr || !names->fields.contains(type)) return;
  Renumber(names->fields[type], change);
  module.names = std::move(names);
}

bool IsIdChar(char c) {
  if (c <= ' ' || c >= 0x7f) return false;
  switch (c) {
    case '"':
    case ',':
    case ';':
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
      return false;
    default:
      return true;
  }
}

bool IsIdentifier(std::string_view name) {
  return !name.empty() && name.size() <= kIdentifierBytesMax && std::ranges::all_of(name, IsIdChar);
}

std::string IndexText(const Names* names, IndexSpace space, uint32_t index) {
  return Text(names == nullptr ? nullptr : &names->of(space), index);
}

std::string LocalText(const Names* names, uint32_t function, uint32_t local) {
  if (names == nullptr) return Text(nullptr, local);
  const auto found = names->locals.find(function);
  return Text(found == names->locals.end() ? nullptr : &found->second, local);
}

}  // namespace slabhound::wasm
