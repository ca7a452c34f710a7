// For tests of this room: the bytecode of functions made in code.
//
//   ModuleBuilder module;
//   module.Define(module.Func({}, {ValType::I32}), {}, Code().I32(7), "seven");
//   EXPECT_EQ(Disassemble(Compile(module)), "…");
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <optional>
#include <vector>

#include "bytecode/compiler.h"
#include "valid/valid_module.h"
#include "wasm/builder.h"

namespace slabhound::bytecode {

using Types = std::vector<wasm::ValType>;

// One definition, compiled as if every address equalled its index; nothing when a fresh budget does
// not cover it.
inline std::optional<Function> TryCompile(const wasm::ModuleBuilder& module, size_t definition,
                                          heap::Fault fault = heap::Fault::None) {
  wasm::TypeStore types;
  auto valid = valid::Validate(std::make_shared<const wasm::Module>(module.module()), types);
  EXPECT_TRUE(valid.has_value()) << (valid ? "" : valid.error().Message());
  if (!valid) return Function{};
  LinkedModule linked;
  linked.module = *std::move(valid);
  const auto number = [](std::vector<uint32_t>& addresses, size_t count) {
    addresses.resize(count);
    std::iota(addresses.begin(), addresses.end(), 0u);
  };
  number(linked.functions, linked.module.functions.size());
  number(linked.tables, linked.module.tables.size());
  number(linked.memories, linked.module.memories.size());
  number(linked.globals, linked.module.globals.size());
  number(linked.tags, linked.module.tags.size());
  CompileBudget budget;
  heap::LayoutTable layouts(types, fault);
  return CompileFunction(linked, module.module().functions[definition], layouts, fault, budget);
}

inline Function Compile(const wasm::ModuleBuilder& module, size_t definition = 0,
                        heap::Fault fault = heap::Fault::None) {
  auto compiled = TryCompile(module, definition, fault);
  EXPECT_TRUE(compiled.has_value());
  return compiled ? *std::move(compiled) : Function{};
}

}  // namespace slabhound::bytecode
