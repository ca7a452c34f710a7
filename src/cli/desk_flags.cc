#include "cli/desk_flags.h"

#include "cli/amount_flags.h"
#include "cli/number_flags.h"

namespace slabhound::cli {

void AddDeskFlags(CLI::App& parser, screen::DeskOptions& options) {
  constexpr uint64_t kKeptMax = 1000;
  parser.add_flag("--quiet", options.quiet, "tell what is found, and the end, and nothing else");
  parser
      .add_option(
          "--log", options.log,
          "a file for the lines that are told where there is no terminal, each with its time")
      ->type_name("FILE");
  parser
      .add_option("--stats", options.stats,
                  "a file for a line of JSON every ten seconds (src/screen/stats.h has its fields)")
      ->type_name("FILE");
  AddBytesFlag(parser, "--log-size", options.rotation.bytes_max,
               "how large either may become before it is FILE.1 (default: 10M)");
  parser.add_option("--log-keep", options.rotation.kept, "how many such files are kept of either")
      ->check(WholeNumber(0, kKeptMax))
      ->capture_default_str();
  parser
      .add_option("--on-finding", options.on_finding,
                  "run by sh for each new bug, with one JSON object on stdin "
                  "(src/screen/on_finding.h has its fields)")
      ->type_name("COMMAND");
}

}  // namespace slabhound::cli
