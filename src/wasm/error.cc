#include "wasm/error.h"

#include <fmt/format.h>

#include <array>

namespace slabhound::wasm {
namespace {

struct Row {
  std::string_view name;
  ErrorClass error_class;
  std::string_view phrase;
};
constexpr std::array kRows = {
#define SLABHOUND_ERROR(name, error_class, phrase) Row{#name, ErrorClass::error_class, phrase},
#include "wasm/errors.def"
};
constexpr std::array<std::string_view, 4> kClassNames = {"malformed", "invalid", "unsupported",
                                                         "limit"};

const Row& RowOf(ErrorCode code) { return kRows[static_cast<size_t>(code)]; }

}  // namespace

ErrorClass Error::error_class() const { return RowOf(code).error_class; }
std::string_view ErrorName(ErrorCode code) { return RowOf(code).name; }
std::string_view ErrorPhrase(ErrorCode code) { return RowOf(code).phrase; }
std::string_view ErrorClassName(ErrorClass error_class) {
  return kClassNames[static_cast<size_t>(error_class)];
}

std::string Error::Message() const {
  const std::string place =
      line > 0 ? fmt::format("{}:{}", line, column) : fmt::format("offset 0x{:x}", offset);
  if (code == ErrorCode::Unsupported) {
    return fmt::format("{}: {} is {} at {}", ErrorClassName(error_class()), detail,
                       ErrorPhrase(code), place);
  }
  return fmt::format("{}: {} at {}{}{}", ErrorClassName(error_class()), ErrorPhrase(code), place,
                     detail.empty() ? "" : ": ", detail);
}

}  // namespace slabhound::wasm
