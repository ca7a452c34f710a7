// Merge: instances of several modules as one module, which imports nothing, or only what forces a
// collection.
//
// 1. Each instance keeps its own definitions; what it imports is the exporting instance's, which
//    was added before.
// 2. The first instance's segments and start function stay what they are, so an engine's own
//    instantiation does them. Those of a later one are done by a function, as the specification
//    defines instantiation (4.7.2), so that it happens when it is called.
// 3. Import types are not checked, nor is anything validated. Types are appended group by group:
//    the same group of two modules is the same type, as it is for instances.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "wasm/builder.h"
#include "wasm/module.h"

namespace slabhound::episode {

// A definition of the merged module.
struct Item {
  wasm::ExternKind kind = wasm::ExternKind::Func;
  uint32_t index = 0;
};

class Merge {
 public:
  // The function that forces a collection, if it is wanted, is the first of all.
  explicit Merge(bool collects);
  static constexpr Item kCollect = {wasm::ExternKind::Func, 0};

  struct Instance {
    std::map<std::string, Item, std::less<>> exports;
    std::optional<uint32_t> instantiate;  // the function of 2; none for the first instance
  };
  // Requires: an item of its kind for each import.
  Instance Add(wasm::Module module, std::span<const Item> imports);
  // The definition that the module exports under this name, alone. Requires: it is there, and names
  // nothing else.
  Item AddExport(const wasm::Module& module, std::string_view name);

  const wasm::Module& module() const { return made_; }
  const wasm::FuncType& SignatureOf(uint32_t function) const;
  uint32_t AddFunction(wasm::FuncType type, std::vector<wasm::ValType> locals,
                       const wasm::Code& code);
  void Export(std::string name, uint32_t function);

  wasm::Module Finish();

 private:
  void InlineGlobals(wasm::Body& init) const;
  uint32_t MakeInstantiate(wasm::Module& module, uint32_t first_elem, uint32_t first_data);

  wasm::Module made_;
  bool has_instance_ = false;
};

}  // namespace slabhound::episode
