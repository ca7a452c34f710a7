// Checks of flags that are numbers. What is out of range is told with the range, as a person would.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace slabhound::cli {

CLI::Validator WholeNumber(uint64_t min, uint64_t max = UINT64_MAX);
// Seconds, with a fraction if need be.
CLI::Validator Seconds(double min, double max);

// "120", "120s", "5m", "8h" in seconds; nothing for anything else.
std::optional<double> ParseTime(std::string_view text);

// --jobs, of processes. Without it `jobs` stays 0, which stands for one a core.
void AddJobsFlag(CLI::App& parser, unsigned& jobs, const std::string& description);
unsigned JobsOf(unsigned jobs);

}  // namespace slabhound::cli
