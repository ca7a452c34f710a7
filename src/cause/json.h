// A cause key as JSON, as in "cause" of finding.json:
// {"variants": {"wasmtime@31.0.0": "fail", …}, "shape": ["struct.get …", …],
//  "severity": "memory corruption", "locus": "…"}.
//
// Reading is total: whatever the JSON, the error is one line.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/result.h"
#include "cause/key.h"

namespace slabhound::cause {

nlohmann::ordered_json WriteKey(const Key& key);
Result<Key, std::string> ReadKey(const nlohmann::ordered_json& json);

}  // namespace slabhound::cause
