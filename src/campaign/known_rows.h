// Rows of a user's known-file (avoid/known_file.h) for what a campaign found: written for it, and
// found again by its cause.
#pragma once

#include <string>
#include <vector>

#include "avoid/known_file.h"
#include "campaign/bug_list.h"

namespace slabhound::campaign {

// The rows of a bug: one for each symptom that has a message of its engine's, and one for its cause
// where a symptom has none. The error is one line: there is neither.
Result<std::vector<avoid::KnownRow>, std::string> KnownRowsOf(const BugList& list,
                                                              const cause::Bug& bug);

// The file as it was, and these rows behind it. An error is one line: it has one of them, or is no
// such file.
Result<void, std::string> AppendKnownRows(const std::string& file,
                                          const std::vector<avoid::KnownRow>& rows);

// The row that has this cause; null: none.
const avoid::KnownRow* FindKnownCause(const std::vector<avoid::KnownRow>& rows,
                                      const engine::EngineSpec& suspect, const cause::Key& key,
                                      std::string_view today);

// The row by which a finding is known: one that has its cause, or by which it was explained. Empty:
// none.
std::string KnownAs(const std::vector<avoid::KnownRow>& rows, const Record& record,
                    std::string_view today);

}  // namespace slabhound::campaign
