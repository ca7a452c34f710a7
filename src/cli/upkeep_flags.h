// Budgets of a campaign that goes on for ever: --memory-max, --disk-max, --age-max.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>

#include "upkeep/removal.h"

namespace slabhound::cli {

struct UpkeepFlags {
  std::optional<uint64_t> memory_bytes_max = std::nullopt;
  upkeep::FolderLimits folder = {};
};

void AddUpkeepFlags(CLI::App& parser, UpkeepFlags& flags);

}  // namespace slabhound::cli
