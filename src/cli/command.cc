#include "cli/command.h"

#include <fmt/format.h>

#include <cstdio>

namespace slabhound::cli {

int UsageError(std::string_view message) {
  const std::string line = fmt::format("slabhound: {}\n", message);
  std::fwrite(line.data(), 1, line.size(), stderr);
  return kExitUsage;
}

void Print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

}  // namespace slabhound::cli
