// Names of a module's parts, for people: the identifiers of a text, or the name section of a binary
// (spec appendix A.4).
//
// 1. Names mean nothing: no engine sees them, and encode.h does not write them. Who wants them in a
//    file writes NameSection as a custom section.
// 2. Reading is lenient: of a section that is broken or names what is not there, the names before
//    that, or the others, are kept. There are limits::kNamesMax at most.
// 3. Whoever renumbers a module renumbers its names (Renumber). What has no name any more, or a
//    name too many, is no error.
// Labels have no names here: they count blocks, which every edit of code changes.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace slabhound::wasm {

struct Module;

// The index spaces of a module; the first five in the order of ExternKind.
enum class IndexSpace : uint8_t { Func, Table, Memory, Global, Tag, Type, Elem, Data };
inline constexpr size_t kIndexSpaceCount = 8;

using NameMap = std::map<uint32_t, std::string>;  // by index; no name is empty

struct Names {
  std::array<NameMap, kIndexSpaceCount> spaces;
  std::map<uint32_t, NameMap> locals;  // by function of the whole index space, parameters first
  std::map<uint32_t, NameMap> fields;  // by type

  NameMap& of(IndexSpace space) { return spaces[static_cast<size_t>(space)]; }
  const NameMap& of(IndexSpace space) const { return spaces[static_cast<size_t>(space)]; }
  bool empty() const;
};

inline constexpr std::string_view kNameSection = "name";
Names ReadNames(ByteSpan section, const Module& module);
Bytes NameSection(const Names& names);

// The index that an item gets; nothing: it goes.
using NewIndex = std::function<std::optional<uint32_t>(uint32_t)>;
void Renumber(NameMap& names, const NewIndex& change);
// The items of a space, with the locals of functions and the fields of types.
void Renumber(Names& names, IndexSpace space, const NewIndex& change);
// Of a module that may have no names; what others share stays as it is.
void RenumberNames(Module& module, IndexSpace space, const NewIndex& change);
void RenumberLocalNames(Module& module, uint32_t function, const NewIndex& change);
void RenumberFieldNames(Module& module, uint32_t type, const NewIndex& change);

// A character of identifiers in text (spec 6.3.5).
bool IsIdChar(char c);
// Whether `$name` is an identifier, of a size that a person can read.
bool IsIdentifier(std::string_view name);

// For messages: "$name (;3;)", or "3" where there is no such name.
std::string IndexText(const Names* names, IndexSpace space, uint32_t index);
std::string LocalText(const Names* names, uint32_t function, uint32_t local);

}  // namespace slabhound::wasm
