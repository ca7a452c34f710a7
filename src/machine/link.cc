#include "machine/link.h"

#include <fmt/format.h>

#include <array>
#include <string>

#include "base/check.h"

namespace slabhound::machine {
namespace {

using wasm::ExternKind;
using wasm::HeapType;

// Spec 3.3.12, limits: an import gets at least what it asks for and never more than it allows.
bool LimitsMatch(const wasm::Limits& given, const wasm::Limits& wanted) {
  if (given.is_64 != wanted.is_64 || given.min < wanted.min) return false;
  return !wanted.max || (given.max && *given.max <= *wanted.max);
}

// Spec 3.3.15 and 3.3.16. `index` is the import's index in its own index space.
bool Matches(const Machine& machine, const valid::ValidModule& module, const Extern& given,
             uint32_t index) {
  const wasm::TypeStore& types = machine.types();
  switch (given.kind) {
    case ExternKind::Func:
      return types.IsSubtype(machine.FunctionType(given.address), module.functions[index]);
    case ExternKind::Table: {
      const wasm::TableType have = machine.TableTypeOf(given.address);
      const wasm::TableType& want = module.tables[index];
      return have.element == want.element && LimitsMatch(have.limits, want.limits);
    }
    case ExternKind::Memory:
      return LimitsMatch(machine.MemoryTypeOf(given.address).limits, module.memories[index].limits);
    case ExternKind::Global: {
      const wasm::GlobalType have = machine.GlobalTypeOf(given.address);
      const wasm::GlobalType& want = module.globals[index];
      if (have.is_mutable != want.is_mutable) return false;
      return want.is_mutable ? have.type == want.type : types.IsSubtype(have.type, want.type);
    }
    case ExternKind::Tag:
      return machine.TagType(given.address) == module.tags[index];
  }
  UNREACHABLE();
}

// A name for a one-line message: other bytes than printable ASCII are escaped, long names cut.
std::string Printable(std::string_view name) {
  constexpr size_t kShown = 60;
  std::string text;
  for (const char c : name.substr(0, kShown)) {
    const bool plain = c >= ' ' && c <= '~';
    text += plain ? std::string(1, c) : fmt::format("\\{:02x}", static_cast<uint8_t>(c));
  }
  return name.size() > kShown ? text + "…" : text;
}

std::string ImportName(const wasm::Import& import) {
  return Printable(import.module) + "." + Printable(import.name);
}

}  // namespace

std::optional<ImportFailure> CheckImports(const Machine& machine, const valid::ValidModule& module,
                                          std::span<const Extern> imports) {
  const std::vector<wasm::Import>& wanted = module.module->imports;
  CHECK(imports.size() == wanted.size());
  std::array<uint32_t, 5> next_index{};
  for (size_t i = 0; i < wanted.size(); ++i) {
    const ExternKind kind = wanted[i].kind();
    const uint32_t index = next_index[static_cast<size_t>(kind)]++;
    CHECK(imports[i].address < machine.AddressCount(imports[i].kind));
    if (imports[i].kind != kind || !Matches(machine, module, imports[i], index)) {
      return ImportFailure{"incompatible import type: " + ImportName(wanted[i])};
    }
  }
  return std::nullopt;
}

Result<std::vector<Extern>, ImportFailure> ResolveImports(const wasm::Module& module,
                                                          const ImportLookup& lookup) {
  std::vector<Extern> found;
  found.reserve(module.imports.size());
  for (const wasm::Import& import : module.imports) {
    const std::optional<Extern> given = lookup(import);
    if (!given) {
      return Fail(ImportFailure{"unknown import: " + ImportName(import)});
    }
    found.push_back(*given);
  }
  return found;
}

}  // namespace slabhound::machine
