// slabhound regress: which engines, releases above all, fail which cases.
//
// 1. A case is a .wasm or .wat file; of files of one stem in one folder the .wasm is taken, which
//    has the plan. Folders are walked, so a folder of findings is a set of cases.
// 2. ENGINE@all stands for every installed release; a pinned one that is not installed is one line.
// 3. An engine without options runs a case as its record says, else as its finding.json says, else
//    under several configurations (kTries): it fails if one of them does.
// 4. A case behaves as it should if the releases of its record (regress_record.h) do what it says
//    and no other engine fails.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddRegressCommand(CLI::App& app);

}  // namespace slabhound::cli
