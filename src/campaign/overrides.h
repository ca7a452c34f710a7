// What people said of a folder's bugs (ledger/said.h), as it holds now (cause/bugs.h).
//
// Before there was a database it stood in overrides.json: {"merged": [["A", "B"]], "split": ["C"],
// "labels": {"A": "text"}}. A file that cannot be read as such is an error of one line.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "cause/bugs.h"
#include "ledger/said.h"

namespace slabhound::campaign {

// One bug from now on, whatever was said of them before.
ledger::Said Merge(int64_t at_ms, const std::string& a, const std::string& b);
// A bug of its own from now on.
ledger::Said Split(int64_t at_ms, const std::string& symptom);
// An empty text takes the label away.
ledger::Said Label(int64_t at_ms, const std::string& symptom, const std::string& text);

// The bug has that label and no other.
std::vector<ledger::Said> LabelOf(int64_t at_ms, const cause::Bug& bug, const std::string& text);

// `said` in the order of time. Verbs that are about something else are of no effect.
cause::Overrides OverridesOf(std::span<const ledger::Said> said);

// What a file of earlier times says; nothing where there is none.
Result<std::vector<ledger::Said>, FileError> ReadOverridesFile(const std::string& folder);
// It is in the database now.
void RemoveOverridesFile(const std::string& folder);

}  // namespace slabhound::campaign
