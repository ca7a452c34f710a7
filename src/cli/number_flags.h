// Checks of flags that are numbers. What is out of range is told with the range, as a person would.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>

namespace slabhound::cli {

CLI::Validator WholeNumber(uint64_t min, uint64_t max = UINT64_MAX);
// Seconds, with a fraction if need be.
CLI::Validator Seconds(double min, double max);

}  // namespace slabhound::cli
