#include "cli/upkeep_flags.h"

#include "cli/amount_flags.h"

namespace slabhound::cli {

void AddUpkeepFlags(CLI::App& parser, UpkeepFlags& flags) {
  AddBytesFlag(parser, "--memory-max", flags.memory_bytes_max,
               "of all jobs and workers together, as in 4G: where they need more they are "
               "restarted, or fewer run at a time");
  AddBytesFlag(parser, "--disk-max", flags.folder.bytes_max,
               "of the folder of findings, as in 20G: kept originals of symptoms with many cases "
               "go first, and then no more are kept");
  AddSecondsFlag(parser, "--age-max", flags.folder.age_max,
                 "kept originals of symptoms that were not seen for so long go, as in 30d");
}

}  // namespace slabhound::cli
