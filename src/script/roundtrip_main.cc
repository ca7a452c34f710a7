// Every module of specification scripts through encode, decode, print, read and encode again: both
// encodings must be equal. Prints `N modules, N differ`; exit code 0, 1 when some differ, 2 for bad
// input.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "script/script.h"
#include "script/script_files.h"
#include "text/wat.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::script {
namespace {

constexpr size_t kScriptBytesMax = 16u << 20;

// Nothing for a module that is not well formed.
std::optional<wasm::Module> Load(const ModuleSource& source) {
  if (const auto* text = std::get_if<TextModule>(&source)) {
    if (!text->module) return std::nullopt;
    return **text->module;
  }
  const auto* binary = std::get_if<BinaryModule>(&source);
  auto module = binary ? wasm::Decode(binary->bytes)
                       : text::ReadModule(std::get<QuotedModule>(source).source);
  if (!module) return std::nullopt;
  return *std::move(module);
}

// What is wrong; empty when nothing is. Text has no data count of its own.
std::string Check(wasm::Module module) {
  module.data_count.reset();
  const Bytes first = wasm::Encode(module);
  const auto decoded = wasm::Decode(first);
  if (!decoded) return "its encoding: " + decoded.error().Message();
  auto read = text::ReadModule(text::PrintModule(*decoded));
  if (!read) return "its text: " + read.error().Message();
  const Bytes second = wasm::Encode(*read);
  if (first.size() != second.size() || !std::equal(first.begin(), first.end(), second.begin())) {
    return "its text reads back to another module";
  }
  return {};
}

const ModuleSource* SourceOf(const Command& command) {
  if (const auto* definition = std::get_if<DefineModule>(&command.what)) return &definition->source;
  const auto* assertion = std::get_if<Assertion>(&command.what);
  return assertion ? std::get_if<ModuleSource>(&assertion->subject) : nullptr;
}

int Main(const std::vector<std::string>& paths) {
  const auto files = FindScripts(paths);
  if (!files) {
    fmt::print(stderr, "roundtrip: {}\n", files.error());
    return 2;
  }
  uint64_t modules = 0, differ = 0;
  for (const std::string& path : files->paths) {
    const auto content = ReadFile(path, kScriptBytesMax);
    const auto script = content ? ReadScript(AsText(*content)) : Script{};
    if (!content || !script) {
      fmt::print(stderr, "roundtrip: {}: {}\n", path,
                 content ? script.error().Message() : content.error().message);
      return 2;
    }
    for (const Command& command : script->commands) {
      const ModuleSource* source = SourceOf(command);
      auto module = source ? Load(*source) : std::nullopt;
      if (!module) continue;
      ++modules;
      const std::string wrong = Check(*std::move(module));
      if (wrong.empty()) continue;
      ++differ;
      fmt::print("{}:{}: {}\n", path, command.line, wrong);
    }
  }
  fmt::print("{} modules, {} differ\n", modules, differ);
  return differ == 0 && modules > 0 ? 0 : 1;
}

}  // namespace
}  // namespace slabhound::script

int main(int argc, char** argv) { return slabhound::script::Main({argv + 1, argv + argc}); }
