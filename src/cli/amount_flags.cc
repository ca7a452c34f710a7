#include "cli/amount_flags.h"

#include <fmt/format.h>

#include "upkeep/amount.h"

namespace slabhound::cli {
namespace {

using Parse = std::optional<uint64_t> (*)(std::string_view text);

void Add(CLI::App& parser, const std::string& name, const std::string& description,
         const std::string& type, Parse parse, const std::string& expected,
         std::function<void(uint64_t)> set) {
  parser
      .add_option_function<std::string>(
          name, [parse, set = std::move(set)](const std::string& text) { set(*parse(text)); },
          description)
      ->type_name(type)
      ->check(CLI::Validator(
          [parse, expected](const std::string& text) {
            return parse(text) ? std::string() : fmt::format("{}: {}", text, expected);
          },
          ""));
}

constexpr const char* kBytes = "a whole number of bytes, or of K, M, G or T, as in 512M";
constexpr const char* kSeconds = "a whole number of s, m, h or d, as in 30d";

}  // namespace

void AddBytesFlag(CLI::App& parser, const std::string& name, uint64_t& bytes,
                  const std::string& description) {
  Add(parser, name, description, "BYTES", upkeep::ParseBytes, kBytes,
      [&bytes](uint64_t value) { bytes = value; });
}

void AddBytesFlag(CLI::App& parser, const std::string& name, std::optional<uint64_t>& bytes,
                  const std::string& description) {
  Add(parser, name, description, "BYTES", upkeep::ParseBytes, kBytes,
      [&bytes](uint64_t value) { bytes = value; });
}

void AddSecondsFlag(CLI::App& parser, const std::string& name, std::optional<uint64_t>& seconds,
                    const std::string& description) {
  Add(parser, name, description, "AGE", upkeep::ParseSeconds, kSeconds,
      [&seconds](uint64_t value) { seconds = value; });
}

}  // namespace slabhound::cli
