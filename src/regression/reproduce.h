// The commands that reproduce a finding, as they are told in finding.json and regression files.
//
// A command can be pasted into a shell from the folder that its file's path starts in, with the
// build that found it: faults exist in the faulty build only.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace slabhound::regression {

// `engines` are texts of engines, the reference first.
std::string ReproCommand(std::string_view case_file, std::span<const std::string> engines);
std::string WastCommand(std::string_view script_file, std::string_view engine);

// One word of a shell's command line.
std::string ShellWord(std::string_view text);

}  // namespace slabhound::regression
