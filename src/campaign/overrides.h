// overrides.json of a folder of findings: what people said of its bugs (cause/bugs.h), by slugs of
// symptoms. {"merged": [["A", "B"]], "split": ["C"], "labels": {"A": "text"}}
//
// 1. Written as a whole or not at all. What it says of symptoms that are not there is kept.
// 2. A file that cannot be read as such is an error of one line: it is not overwritten.
#pragma once

#include <string>

#include "base/file.h"
#include "base/result.h"
#include "cause/bugs.h"

namespace slabhound::campaign {

// Empty where there is none.
Result<cause::Overrides, FileError> ReadOverrides(const std::string& folder);
Result<void, FileError> WriteOverrides(const std::string& folder,
                                       const cause::Overrides& overrides);

// One bug from now on, whatever was said of them before.
void Merge(cause::Overrides& overrides, const std::string& a, const std::string& b);
// A bug of its own from now on.
void Split(cause::Overrides& overrides, const std::string& symptom);
// An empty text takes the label away.
void Label(cause::Overrides& overrides, const std::string& symptom, const std::string& text);

}  // namespace slabhound::campaign
