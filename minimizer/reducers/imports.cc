#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "minimizer/short_name.h"
#include "rewrite/edit.h"
#include "rewrite/references.h"
#include "rewrite/view.h"
#include "testcase/meaning.h"

namespace slabhound::minimizer {
namespace {

using wasm::ExternKind;
using wasm::Opcode;

wasm::Body Constant(std::vector<wasm::Instr> code) {
  code.push_back(rewrite::Op(Opcode::End));
  return {.code = std::move(code), .labels = {}, .types = {}, .catches = {}};
}

// Not where a global has no default that is a constant.
bool CanBeDefined(const wasm::Import& import, const rewrite::View& view) {
  const auto* global = std::get_if<wasm::GlobalType>(&import.type);
  return !global || rewrite::DefaultOf(view.valid.Canonical(global->type), view).front().op !=
                        Opcode::Unreachable;
}

// The import as a definition that comes first among its kind, where import `index` of its kind
// becomes the last of the imported ones. `view` is of a module with the same types and the same
// imports up to this one.
wasm::Module Defined(wasm::Module module, const rewrite::View& view, size_t at) {
  const wasm::Import import = module.imports[at];
  const ExternKind kind = import.kind();
  const uint32_t count = module.ImportCount(kind);
  uint32_t index = 0;
  for (size_t i = 0; i < at; ++i) index += module.imports[i].kind() == kind ? 1 : 0;
  module.imports.erase(module.imports.begin() + static_cast<ptrdiff_t>(at));
  const auto renumbered = [&](uint32_t named) {
    if (named >= count || named < index) return named;
    return named == index ? count - 1 : named - 1;
  };
  rewrite::VisitModule(module, [&](rewrite::Space space, uint32_t& named) {
    if (space == static_cast<rewrite::Space>(kind)) named = renumbered(named);
  });
  wasm::RenumberNames(module, static_cast<rewrite::Space>(kind), renumbered);
  switch (kind) {
    case ExternKind::Func: {
      const uint32_t type = std::get<wasm::FuncRef>(import.type).type;
      const auto& canonical = (*view.types)[view.valid.type_ids[type]].composite;
      std::vector<wasm::Instr> code;
      for (const wasm::ValType result : std::get<wasm::FuncType>(canonical).results) {
        const auto value = rewrite::DefaultOf(result, view);
        code.insert(code.end(), value.begin(), value.end());
      }
      module.functions.insert(module.functions.begin(),
                              {.type = type, .locals = {}, .body = Constant(std::move(code))});
      break;
    }
    case ExternKind::Table:
      module.tables.insert(module.tables.begin(),
                           {.type = std::get<wasm::TableType>(import.type), .init = {}});
      break;
    case ExternKind::Memory:
      module.memories.insert(module.memories.begin(), {std::get<wasm::MemoryType>(import.type)});
      break;
    case ExternKind::Global: {
      const auto& type = std::get<wasm::GlobalType>(import.type);
      module.globals.insert(
          module.globals.begin(),
          {.type = type,
           .init = Constant(rewrite::DefaultOf(view.valid.globals[index].type, view))});
      break;
    }
    case ExternKind::Tag:
      module.tags.insert(module.tags.begin(), {std::get<wasm::TagType>(import.type)});
      break;
  }
  return module;
}

std::vector<uint64_t> NameBytes(const wasm::Module& module) {
  std::vector<uint64_t> bytes;
  for (const wasm::Import& import : module.imports) {
    bytes.push_back(1 + import.module.size() + import.name.size());
  }
  return bytes;
}

void Define(Reduction& reduction) {
  const auto view = reduction.View();
  const testcase::Plan plan = reduction.current().plan;
  std::vector<size_t> places;
  std::vector<uint64_t> weights;
  const std::vector<uint64_t> bytes = NameBytes(*view->module);
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (!CanBeDefined(view->module->imports[i], *view)) continue;
    places.push_back(i);
    weights.push_back(bytes[i]);
  }
  TrySubsets(reduction, weights, [&](const std::vector<size_t>& chosen) {
    wasm::Module module = *view->module;
    for (size_t i = chosen.size(); i-- > 0;) {
      module = Defined(std::move(module), *view, places[chosen[i]]);
    }
    return testcase::TestCase{std::move(module), plan};
  });
}

// Names without a meaning may be short; they stay different.
void ShortenNames(Reduction& reduction) {
  const testcase::TestCase base = reduction.current();
  TrySubsets(reduction, NameBytes(base.module), [&](const std::vector<size_t>& chosen) {
    testcase::TestCase candidate = base;
    for (const size_t i : chosen) {
      wasm::Import& import = candidate.module.imports[i];
      import.module.clear();
      // The shortest name of a collection is still one.
      const bool collects = testcase::ForcesCollection(base.module.imports[i], base.module);
      import.name = collects ? std::string(testcase::kCollectName) : ShortName(i);
    }
    return candidate;
  });
}

}  // namespace

void ReduceImports(Reduction& reduction) {
  Define(reduction);
  ShortenNames(reduction);
}

}  // namespace slabhound::minimizer
