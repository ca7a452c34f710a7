// The scripts that paths name: files as they are, folders walked in sorted order for *.wast.
//
// A walk leaves out what is outside the language profile (script/profile.h), and counts it; a file
// that is named itself is never left out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace slabhound::script {

struct ScriptFiles {
  std::vector<std::string> paths;
  struct Omission {
    std::string_view reason;
    uint32_t scripts = 0;
  };
  std::map<std::string_view, Omission> left_out;  // by the table's name
};

// The error is one line: a path that does not exist, or a folder without scripts.
Result<ScriptFiles, std::string> FindScripts(const std::vector<std::string>& paths);

}  // namespace slabhound::script
