// Script: a specification script (`.wast`) as commands.
//
// 1. ReadScript accepts the script language of the specification's interpreter: modules as text,
//    `binary` or `quote`, with `definition` and `instance`; register, invoke, get and the
//    assertions. A file of bare module fields is one module.
// 2. Text modules are read with the script; one that is malformed makes the script malformed,
//    except where assert_malformed holds it. Binary and quoted modules are read when they run.
// 3. Errors carry line:column. `input`, `output` and `script` are refused by name: a script here is
//    one file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "machine/outcome.h"
#include "script/pattern.h"
#include "wasm/error.h"
#include "wasm/module.h"

namespace slabhound::script {

struct TextModule {
  Result<std::shared_ptr<const wasm::Module>, wasm::Error> module;
};
struct BinaryModule {
  Bytes bytes;
};
struct QuotedModule {
  std::string source;
};
using ModuleSource = std::variant<TextModule, BinaryModule, QuotedModule>;

// Names are without their `$`; empty: the latest one.
struct DefineModule {
  std::string name;
  ModuleSource source;
  bool instantiate = true;  // not with `definition`
};
struct InstantiateModule {
  std::string name, definition;
};
struct RegisterInstance {
  std::string module_name, instance;
};
struct Action {
  bool is_call = true;  // else `get`
  std::string instance, field;
  std::vector<machine::Value> arguments;
};

enum class Expectation : uint8_t {
#define SLABHOUND_ASSERTION(name, ...) name,
#include "script/assertions.def"
};

struct Assertion {
  Expectation expectation = Expectation::Return;
  std::variant<Action, ModuleSource> subject;
  std::vector<Pattern> results;  // Return
  std::string phrase;            // the others, but Exception
};

struct Command {
  uint32_t line = 0;
  std::variant<DefineModule, InstantiateModule, RegisterInstance, Action, Assertion> what;
};

struct Script {
  std::string source;  // what offsets in text modules mean
  std::vector<Command> commands;
};

Result<Script, wasm::Error> ReadScript(std::string_view source);

std::string_view AssertionName(Expectation expectation);  // "assert_return", …

}  // namespace slabhound::script
