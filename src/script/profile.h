// The table of scripts outside the language profile: what a walk over a folder leaves out, and why.
#pragma once

#include <string_view>

namespace slabhound::script {

struct LeftOut {
  std::string_view name;  // of a folder or a file, with the folders around it that tell it apart
  std::string_view reason;
};

// The entry that names the script at `path` or a folder around it; null when there is none.
const LeftOut* FindLeftOut(std::string_view path);

}  // namespace slabhound::script
