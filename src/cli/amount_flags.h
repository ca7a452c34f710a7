// Flags that are amounts with units, as in 512M and 30d (upkeep/amount.h).
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace slabhound::cli {

void AddBytesFlag(CLI::App& parser, const std::string& name, uint64_t& bytes,
                  const std::string& description);
void AddBytesFlag(CLI::App& parser, const std::string& name, std::optional<uint64_t>& bytes,
                  const std::string& description);
void AddSecondsFlag(CLI::App& parser, const std::string& name, std::optional<uint64_t>& seconds,
                    const std::string& description);

}  // namespace slabhound::cli
