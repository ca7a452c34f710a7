// Identifiers: how the printer writes the indices of a module that has names.
//
// 1. A name that can be written as `$name` stands for its item; of several items of one name the
//    first has it. Every other item is its index.
#pragma once

#include <array>
#include <string>

#include "wasm/module.h"
#include "wasm/names.h"

namespace slabhound::text {

class Identifiers {
 public:
  // The names outlive it; null: there are none.
  explicit Identifiers(const wasm::Names* names);

  // "$f" or "3", where something is used.
  std::string Use(wasm::IndexSpace space, uint32_t index) const;
  std::string Local(uint32_t function, uint32_t local) const;
  std::string Field(uint32_t type, uint32_t field) const;

  // "$f " or nothing, where it is defined.
  std::string Definition(wasm::IndexSpace space, uint32_t index) const;
  std::string LocalDefinition(uint32_t function, uint32_t local) const;
  std::string FieldDefinition(uint32_t type, uint32_t field) const;

  // Whether any of the function's locals from `first` up to `end` has one.
  bool HasLocals(uint32_t function, size_t first, size_t end) const;

 private:
  using Written = std::map<uint32_t, std::string>;
  static Written MakeWritten(const wasm::NameMap& names);

  std::array<Written, wasm::kIndexSpaceCount> spaces_;
  std::map<uint32_t, Written> locals_, fields_;
};

}  // namespace slabhound::text
