#include "cli/merge_command.h"

#include <fmt/format.h>

#include <memory>

#include "join/join.h"

namespace slabhound::cli {
namespace {

struct Flags {
  std::string out;
  std::vector<std::string> folders;
};

int Merge(const Flags& flags) {
  const auto joined = join::Join(flags.out, flags.folders);
  if (!joined) return UsageError(joined.error());
  for (const std::string& note : joined->notes) Print(note + "\n");
  Print(fmt::format("{}: {} modules, {} cases of {} symptoms, {} bugs, of {} stores\n", flags.out,
                    joined->cases, joined->counted, joined->symptoms, joined->bugs,
                    flags.folders.size()));
  return kExitFine;
}

}  // namespace

Command AddMergeCommand(CLI::App& app) {
  CLI::App* parser =
      app.add_subcommand("merge", "join what several campaigns found, by cause, in a new folder");
  const auto flags = std::make_shared<Flags>();
  parser->add_option("--out", flags->out, "the new folder")->required();
  parser->add_option("folders", flags->folders, "of campaigns, or merged ones")->required();
  return {parser, [flags] { return Merge(*flags); }};
}

}  // namespace slabhound::cli
