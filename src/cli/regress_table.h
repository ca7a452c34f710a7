// The table of regress: cases × engines, what each did, and whether that is what the case's record
// says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/regress_record.h"
#include "engine/spec.h"

namespace slabhound::cli {

enum class RegressOutcome : uint8_t {
  Passes,
  Fails,
  RanOut,  // of a budget or limit: not everything was compared; the text says which
  NotAble  // the engine cannot run the case
};

struct RegressCell {
  RegressOutcome outcome = RegressOutcome::Passes;
  std::string text;     // the signature of a failure, the reason of one that is not able
  std::string release;  // what the worker calls itself, as in "bun 1.4.5"; or nothing
};

struct RegressRow {
  std::string name;
  std::optional<RegressRecord> record;
  std::vector<RegressCell> cells;  // one for each engine
};

// Failures are numbered, with their signatures below the table; so are reasons.
std::string RegressTableText(const std::vector<engine::EngineSpec>& engines,
                             const std::vector<RegressRow>& rows);

// One line for each cell that is not what the row's record says; without a record, for each
// failure.
std::vector<std::string> RegressSurprises(const std::vector<engine::EngineSpec>& engines,
                                          const RegressRow& row);

}  // namespace slabhound::cli
