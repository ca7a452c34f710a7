#include "provide/library.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "rewrite/unused.h"
#include "text/wat.h"

namespace slabhound::provide {
namespace {

using rewrite::Space;
using wasm::ExternKind;

struct Text {
  std::string_view name, text;
};
constexpr Text kTexts[] = {
#include "library.inc"
};

struct Row {
  std::string_view module, name;
};
constexpr Row kRows[] = {
#define SLABHOUND_LIBRARY(module, name) {module, name},
#include "provide/provide.def"
};

// The library, with what those exports need.
wasm::Module Read(std::string_view name, const std::set<std::string>& exports) {
  const auto text = std::ranges::find(kTexts, name, &Text::name);
  CHECK(text != std::end(kTexts));
  auto module = text::ReadModule(text->text);
  CHECK(module.has_value());
  std::erase_if(module->exports, [&](const wasm::Export& e) { return !exports.contains(e.name); });
  return rewrite::KeepOnly(*module, rewrite::Reachable(*module, {.split_groups = false}));
}

class Linker {
 public:
  Linker(Assembly& assembly, wasm::Module library)
      : assembly_(assembly), library_(std::move(library)) {}

  // The library's functions in the assembly, in the order of its index space; false if it needs a
  // memory that the module does not have.
  bool Link(std::string_view import_module) {
    if (library_.MemoryCount() != 0 && !FindMemory()) return false;
    AddTypes();
    for (const wasm::Import& import : library_.imports) {
      if (import.kind() != ExternKind::Func) continue;
      const wasm::TypeIdx type = std::get<wasm::FuncRef>(import.type).type + types_;
      functions_.push_back(assembly_.AddFunctionImport(import_module, import.name, type));
    }
    for (wasm::Global& global : library_.globals) {
      rewrite::VisitBody(global.init, Mover());
      globals_.push_back(assembly_.AddGlobal(global.type, global.init));
    }
    // Bodies name functions that stand behind them: indices first.
    const uint32_t first = assembly_.NextFunction();
    for (uint32_t i = 0; i < library_.functions.size(); ++i) functions_.push_back(first + i);
    for (wasm::Function& function : library_.functions) {
      rewrite::VisitFunction(function, Mover());
      assembly_.AddFunction(function.type, function.locals, function.body);
    }
    return true;
  }

  // Requires: the library exports it.
  uint32_t Function(std::string_view name) const {
    return functions_[library_.FindExport(name)->index];
  }

  // Nothing if there is none of this name and canonical type.
  std::optional<uint32_t> Find(std::string_view name, const wasm::FuncType& type) const {
    const wasm::Export* found = library_.FindExport(name);
    if (found == nullptr) return std::nullopt;
    const wasm::Function& function =
        library_.functions[found->index - library_.ImportCount(ExternKind::Func)];
    if (assembly_.Canonical(assembly_.FuncType(function.type)) != type) return std::nullopt;
    return functions_[found->index];
  }

 private:
  bool FindMemory() {
    const wasm::Module& original = assembly_.original();
    const wasm::Export* exported = original.FindExport("memory");
    if (exported != nullptr && exported->kind == ExternKind::Memory) memory_ = exported->index;
    if (memory_ >= original.MemoryCount()) return false;
    return !assembly_.MemoryType(memory_).limits.is_64;
  }

  void AddTypes() {
    types_ = static_cast<uint32_t>(assembly_.types().size());
    for (wasm::SubType& type : library_.types) rewrite::VisitSubType(type, Mover());
    for (const wasm::RecGroup& group : library_.rec_groups) {
      const auto begin = library_.types.begin() + group.first;
      assembly_.AddGroup({begin, begin + group.count});
    }
  }

  rewrite::IndexVisitor Mover() {
    return [this](Space space, uint32_t& index) {
      if (space == Space::Type) index += types_;
      if (space == Space::Func) index = functions_[index];
      if (space == Space::Global) index = globals_[index];
      if (space == Space::Memory) index = memory_;
    };
  }

  Assembly& assembly_;
  wasm::Module library_;
  uint32_t types_ = 0, memory_ = 0;
  std::vector<uint32_t> functions_, globals_;
};

}  // namespace

HostTypes AddHostTypes(Assembly& assembly) {
  const wasm::FieldType unit{wasm::StorageType::I16, true}, number{wasm::ValType::I32, false};
  const wasm::TypeIdx first = assembly.AddGroup(
      {{true, {}, wasm::ArrayType{unit}}, {true, {}, wasm::StructType{{number}}}});
  return {first, first + 1};
}

wasm::Code StringConstant(std::string_view units, const HostTypes& types) {
  wasm::Code code;
  for (size_t i = 0; i + 1 < units.size(); i += 2) {
    code.I32(static_cast<uint8_t>(units[i]) | static_cast<uint8_t>(units[i + 1]) << 8);
  }
  code.Op(wasm::Opcode::ArrayNewFixed, types.string, static_cast<uint32_t>(units.size() / 2));
  return code.Op(wasm::Opcode::ExternConvertAny);
}

uint32_t AddSame(Assembly& assembly) {
  Linker linker(assembly, Read("replay", {"same"}));
  CHECK(linker.Link(/*import_module=*/{}));
  return linker.Function("same");
}

bool HasLibrary(std::string_view module) {
  return std::ranges::find(kRows, module, &Row::module) != std::end(kRows);
}

std::map<uint32_t, std::string_view> GiveFromLibraries(Assembly& assembly) {
  std::map<uint32_t, std::string_view> given;
  for (const Row& row : kRows) {
    std::set<std::string> names;
    for (const wasm::Import& import : assembly.original().imports) {
      if (import.kind() == ExternKind::Func && import.module == row.module) {
        names.insert(import.name);
      }
    }
    if (names.empty()) continue;
    Linker linker(assembly, Read(row.name, names));
    if (!linker.Link(row.module)) continue;
    uint32_t index = 0;
    for (const wasm::Import& import : assembly.original().imports) {
      const auto* type = std::get_if<wasm::FuncRef>(&import.type);
      if (type == nullptr) continue;
      const uint32_t function = index++;
      if (import.module != row.module) continue;
      const auto found =
          linker.Find(import.name, assembly.Canonical(assembly.FuncType(type->type)));
      if (!found) continue;
      assembly.GiveFunction(function, *found);
      given[function] = row.name;
    }
  }
  return given;
}

}  // namespace slabhound::provide
