#include "testcase/signatures.h"

namespace slabhound::testcase {

std::vector<wasm::TypeIdx> FunctionTypes(const wasm::Module& module) {
  std::vector<wasm::TypeIdx> types;
  types.reserve(module.imports.size() + module.functions.size());
  for (const wasm::Import& import : module.imports) {
    if (const auto* function = std::get_if<wasm::FuncRef>(&import.type)) {
      types.push_back(function->type);
    }
  }
  for (const wasm::Function& function : module.functions) types.push_back(function.type);
  return types;
}

ExportSignatures::ExportSignatures(const wasm::Module& module) : module_(module) {
  const std::vector<wasm::TypeIdx> functions = FunctionTypes(module);
  for (const wasm::Export& exported : module.exports) {
    if (exported.kind != wasm::ExternKind::Func || exported.index >= functions.size()) continue;
    const wasm::TypeIdx type = functions[exported.index];
    if (type >= module.types.size()) continue;
    const auto* signature = std::get_if<wasm::FuncType>(&module.types[type].composite);
    if (signature != nullptr) signatures_.try_emplace(exported.name, signature);
  }
}

const wasm::FuncType* ExportSignatures::Find(std::string_view name) const {
  const auto found = signatures_.find(name);
  return found == signatures_.end() ? nullptr : found->second;
}

}  // namespace slabhound::testcase
