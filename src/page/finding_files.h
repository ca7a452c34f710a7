// The files of a finding's folder that the page hands out: these names, and no others.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "page/request.h"

namespace slabhound::page {

// Those that are there, by name.
std::vector<std::string> FilesOf(const std::string& path);

// Nothing: there is no such file, or it is none of ours, or a link.
std::optional<Answer> ReadFindingFile(const std::string& path, const std::string& name);

}  // namespace slabhound::page
