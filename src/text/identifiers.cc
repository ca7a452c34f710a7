#include "text/identifiers.h"

#include <fmt/format.h>

#include <set>
#include <string_view>

namespace slabhound::text {
namespace {

using Written = std::map<uint32_t, std::string>;

const std::string* Find(const Written& written, uint32_t index) {
  const auto found = written.find(index);
  return found == written.end() ? nullptr : &found->second;
}

const std::string* Find(const std::map<uint32_t, Written>& written, uint32_t outer,
                        uint32_t index) {
  const auto found = written.find(outer);
  return found == written.end() ? nullptr : Find(found->second, index);
}

std::string UseText(const std::string* written, uint32_t index) {
  return written != nullptr ? *written : fmt::format("{}", index);
}

std::string DefinitionText(const std::string* written) {
  return written != nullptr ? *written + ' ' : std::string();
}

}  // namespace

Identifiers::Identifiers(const wasm::Names* names) {
  if (names == nullptr) return;
  for (size_t i = 0; i < spaces_.size(); ++i) spaces_[i] = MakeWritten(names->spaces[i]);
  for (const auto& [function, locals] : names->locals) locals_[function] = MakeWritten(locals);
  for (const auto& [type, fields] : names->fields) fields_[type] = MakeWritten(fields);
}

Identifiers::Written Identifiers::MakeWritten(const wasm::NameMap& names) {
  Written written;
  std::set<std::string_view> taken;
  for (const auto& [index, name] : names) {
    if (wasm::IsIdentifier(name) && taken.insert(name).second) written.emplace(index, '$' + name);
  }
  return written;
}

std::string Identifiers::Use(wasm::IndexSpace space, uint32_t index) const {
  return UseText(Find(spaces_[static_cast<size_t>(space)], index), index);
}
std::string Identifiers::Local(uint32_t function, uint32_t local) const {
  return UseText(Find(locals_, function, local), local);
}
std::string Identifiers::Field(uint32_t type, uint32_t field) const {
  return UseText(Find(fields_, type, field), field);
}

std::string Identifiers::Definition(wasm::IndexSpace space, uint32_t index) const {
  return DefinitionText(Find(spaces_[static_cast<size_t>(space)], index));
}
std::string Identifiers::LocalDefinition(uint32_t function, uint32_t local) const {
  return DefinitionText(Find(locals_, function, local));
}
std::string Identifiers::FieldDefinition(uint32_t type, uint32_t field) const {
  return DefinitionText(Find(fields_, type, field));
}

bool Identifiers::HasLocals(uint32_t function, size_t first, size_t end) const {
  const auto found = locals_.find(function);
  if (found == locals_.end()) return false;
  const auto local = found->second.lower_bound(static_cast<uint32_t>(first));
  return local != found->second.end() && local->first < end;
}

}  // namespace slabhound::text
