// The function types of a module's exports by name, of a module that may be invalid.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "wasm/module.h"

namespace slabhound::testcase {

// The type indices of all functions, imported ones first: asking the module for each would be
// quadratic in its imports.
std::vector<wasm::TypeIdx> FunctionTypes(const wasm::Module& module);

class ExportSignatures {
 public:
  // The module outlives it.
  explicit ExportSignatures(const wasm::Module& module);
  // Null where the export is no function, or has no type.
  const wasm::FuncType* Find(std::string_view name) const;
  const wasm::Module& module() const { return module_; }

 private:
  const wasm::Module& module_;
  std::map<std::string_view, const wasm::FuncType*> signatures_;
};

}  // namespace slabhound::testcase
