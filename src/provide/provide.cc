#include "provide/provide.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "provide/assembly.h"
#include "provide/defaults.h"
#include "provide/library.h"
#include "provide/replay.h"
#include "testcase/meaning.h"
#include "text/wat.h"
#include "valid/valid_module.h"

namespace slabhound::provide {
namespace {

struct Provided {
  std::vector<std::string> given;  // what each import is given, in words
  testcase::TestCase test_case;
};

bool NeedsHelp(const wasm::Module& module) {
  return std::ranges::any_of(module.imports, [&](const wasm::Import& import) {
    return !HostCanGive(module, import) ||
           (import.kind() == wasm::ExternKind::Func && HasLibrary(import.module));
  });
}

bool IsValid(const wasm::Module& module) {
  wasm::TypeStore types;
  return valid::Validate(std::make_shared<const wasm::Module>(module), types).has_value();
}

testcase::Meaning MeaningOf(const Assembly& assembly, const wasm::Import& import) {
  const wasm::FuncType& type = assembly.FuncType(std::get<wasm::FuncRef>(import.type).type);
  return testcase::FindMeaning(import.module, import.name, assembly.Canonical(type));
}

// What the host of trace/host.h gives.
std::string HostText(const Assembly& assembly, const wasm::Import& import) {
  switch (import.kind()) {
    case wasm::ExternKind::Func:
      if (MeaningOf(assembly, import) != testcase::Meaning::Log) return "a meaning of its own";
      return HostCanGive(assembly.original(), import)
                 ? "logs its call, returns zeros and nulls"
                 : "logs its call, then traps: no value of its results";
    case wasm::ExternKind::Global: {
      const wasm::ValType type = std::get<wasm::GlobalType>(import.type).type;
      if (!HostCanGive(assembly.original(), import))
        return "nothing: no value of its type can be made";
      const auto number = testcase::NumberOfGlobal(import.name, type);
      if (number == 0) return type.is_ref() ? "null" : "zero";
      return type.heap().Is(wasm::AbstractHeap::Extern) ? fmt::format("host object {}", number)
                                                        : fmt::format("i31 {}", number);
    }
    case wasm::ExternKind::Table:
      return HostCanGive(assembly.original(), import)
                 ? "a table of its least size"
                 : "nothing: no value of its elements' type can be made";
    case wasm::ExternKind::Memory:
      return "a memory of its least size, of zeros";
    case wasm::ExternKind::Tag:
      return "a tag";
  }
  return "";
}

// A new value, if one is needed and can be made.
std::optional<std::string> DefaultText(Assembly& assembly, const wasm::Import& import,
                                       uint32_t index) {
  if (HostCanGive(assembly.original(), import) || !GiveDefault(assembly, import, index)) {
    return std::nullopt;
  }
  switch (import.kind()) {
    case wasm::ExternKind::Func:
      return "logs its call, returns new values";
    case wasm::ExternKind::Global:
      return std::get<wasm::GlobalType>(import.type).type.heap().Is(wasm::AbstractHeap::Extern)
                 ? "the string of its name"
                 : "a new value";
    default:
      return "a table of new values";
  }
}

Result<Provided, std::string> Give(testcase::TestCase test_case, const Answers* answers) {
  Assembly assembly(test_case.module);
  Provided provided;
  const auto libraries = GiveFromLibraries(assembly);
  std::optional<Replay> replay;
  if (answers != nullptr) replay.emplace(assembly, *answers);
  std::array<uint32_t, 5> next = {};
  for (const wasm::Import& import : test_case.module.imports) {
    const uint32_t index = next[static_cast<size_t>(import.kind())]++;
    const bool is_function = import.kind() == wasm::ExternKind::Func;
    std::string text;
    if (is_function && libraries.contains(index)) {
      text = fmt::format("library {}", libraries.at(index));
    } else if (replay && is_function && MeaningOf(assembly, import) == testcase::Meaning::Log) {
      TRY_ASSIGN(const size_t calls, replay->GiveFunction(import, index));
      text = fmt::format("recorded answers: {}", calls);
    } else if (replay && !is_function && replay->GiveOther(import, index)) {
      text = "as recorded";
    } else {
      auto made = DefaultText(assembly, import, index);
      text = made ? *std::move(made) : HostText(assembly, import);
    }
    provided.given.push_back(std::move(text));
  }
  provided.test_case.plan = test_case.plan;
  if (replay) {
    TRY_ASSIGN(const std::vector<std::string> calls, replay->AddOutside());
    if (!calls.empty()) provided.test_case.plan.calls.clear();
    for (const std::string& call : calls) provided.test_case.plan.calls.push_back({call, {}});
  }
  provided.test_case.module = std::move(assembly).Finish();
  return provided;
}

std::string TypesText(std::string_view word, const std::vector<wasm::ValType>& types) {
  if (types.empty()) return "";
  std::string text = fmt::format(" ({}", word);
  for (const wasm::ValType type : types) text += " " + wasm::TypeText(type);
  return text + ")";
}

std::string LimitsText(const wasm::Limits& limits) {
  const std::string least = fmt::format("{}{}", limits.is_64 ? "i64 " : "", limits.min);
  return limits.max ? fmt::format("{} {}", least, *limits.max) : least;
}

std::string ImportTypeText(const wasm::Module& module, const wasm::Import& import) {
  const auto function = [&](std::string_view word, wasm::TypeIdx index) {
    const auto& type = std::get<wasm::FuncType>(module.types[index].composite);
    return fmt::format("({}{}{})", word, TypesText("param", type.params),
                       TypesText("result", type.results));
  };
  if (const auto* type = std::get_if<wasm::FuncRef>(&import.type))
    return function("func", type->type);
  if (const auto* type = std::get_if<wasm::TagType>(&import.type))
    return function("tag", type->type);
  if (const auto* type = std::get_if<wasm::TableType>(&import.type)) {
    return fmt::format("(table {} {})", LimitsText(type->limits), wasm::TypeText(type->element));
  }
  if (const auto* type = std::get_if<wasm::MemoryType>(&import.type)) {
    return fmt::format("(memory {})", LimitsText(type->limits));
  }
  const auto& global = std::get<wasm::GlobalType>(import.type);
  const std::string type = wasm::TypeText(global.type);
  return global.is_mutable ? fmt::format("(global (mut {}))", type)
                           : fmt::format("(global {})", type);
}

}  // namespace

Result<testcase::TestCase, std::string> Provide(testcase::TestCase test_case,
                                                const Answers* answers) {
  if (answers == nullptr && !NeedsHelp(test_case.module)) return test_case;
  if (!IsValid(test_case.module)) return test_case;
  TRY_ASSIGN(Provided provided, Give(std::move(test_case), answers));
  return std::move(provided.test_case);
}

Result<std::string, std::string> ImportsText(const testcase::TestCase& test_case,
                                             const Answers* answers) {
  TRY_ASSIGN(const Provided provided, Give(test_case, answers));
  std::string text;
  for (size_t i = 0; i < provided.given.size(); ++i) {
    const wasm::Import& import = test_case.module.imports[i];
    text += fmt::format("{} {} {}: {}\n", text::Quoted(import.module), text::Quoted(import.name),
                        ImportTypeText(test_case.module, import), provided.given[i]);
  }
  return text;
}

}  // namespace slabhound::provide
