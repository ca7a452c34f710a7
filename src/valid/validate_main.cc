// Decodes and validates files: reads their names from standard input, one a line, and prints for
// each "ok" or "class code offset message". ci/valid_differential.py compares it with other
// validators.
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>

#include "base/file.h"
#include "valid/valid_module.h"
#include "wasm/decode.h"
#include "wasm/limits.h"

namespace slabhound::valid {
namespace {

std::string Judge(const std::string& path) {
  const auto bytes = ReadFile(path, wasm::limits::kModuleBytesMax);
  if (!bytes) return fmt::format("unreadable - 0 {}", bytes.error().message);
  auto module = wasm::Decode(*bytes);
  std::optional<wasm::Error> error;
  if (!module) {
    error = module.error();
  } else {
    wasm::TypeStore types;
    const auto valid = Validate(std::make_shared<const wasm::Module>(*std::move(module)), types);
    if (!valid) error = valid.error();
  }
  if (!error) return "ok";
  return fmt::format("{} {} {} {}", wasm::ErrorClassName(error->error_class()),
                     wasm::ErrorName(error->code), error->offset, error->Message());
}

// One line without its end; nothing at the end of the input.
std::optional<std::string> ReadLine() {
  std::string line;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    if (c == '\n') return line;
    line.push_back(static_cast<char>(c));
  }
  if (line.empty()) return std::nullopt;
  return line;
}

}  // namespace
}  // namespace slabhound::valid

int main() {
  while (const auto path = slabhound::valid::ReadLine()) {
    fmt::print("{}\n", slabhound::valid::Judge(*path));
    std::fflush(stdout);
  }
  return 0;
}
