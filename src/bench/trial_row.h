// Trials as rows of a CSV file: the raw data of all tables and pictures.
//
// 1. A row is one line, appended with one write: a reader sees it whole or not at all. What a kill
//    left of a last line is cut off by the next writer.
// 2. A trial is known by fault, seed, generator and configuration; its bounds are told.
// 3. Names stay as they were written: rows of faults that this build does not know are read too.
// 4. Reading is total: whatever the bytes, the error is one line with the file and the place.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bench/trial.h"

namespace slabhound::bench {

struct TrialKey {
  std::string fault;  // "none": no fault
  uint64_t seed = 0;
  std::string generator, configuration;
  friend bool operator==(const TrialKey&, const TrialKey&) = default;
  friend auto operator<=>(const TrialKey&, const TrialKey&) = default;
};
std::string ConfigurationText(const std::vector<engine::EngineSpec>& engines);
TrialKey KeyOf(const Trial& trial);

struct TrialRow {
  TrialKey key;
  Bounds bounds;
  TrialResult result;
  friend bool operator==(const TrialRow&, const TrialRow&) = default;
};

std::string RowText(const TrialRow& row);  // with a newline
std::string HeaderText();                  // likewise
Result<TrialRow, std::string> ReadRow(std::string_view line);

// Of a file that is not there: none. What is behind the last newline is no row.
Result<std::vector<TrialRow>, std::string> ReadRows(const std::string& path);

}  // namespace slabhound::bench
