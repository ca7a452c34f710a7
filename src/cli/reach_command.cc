#include "cli/reach_command.h"

#include <fmt/format.h>

#include <memory>

#include "reach/rows.h"

namespace slabhound::cli {
namespace {

struct Flags {
  std::string folder = "findings";
  bool json = false;
};

int ShowReach(const Flags& flags) {
  if (!ledger::Database::IsIn(flags.folder)) {
    return UsageError(
        fmt::format("{}: no campaign has run there; its --out names the folder", flags.folder));
  }
  const auto database = ledger::Database::Open(flags.folder, ledger::Access::Read);
  if (!database) return UsageError(database.error().message);
  const auto reach = reach::ReadReach(*database);
  if (!reach) return UsageError(reach.error().message);
  Print(flags.json ? reach::ReachJson(*reach) : reach::ReachText(*reach));
  return kExitFine;
}

}  // namespace

Command AddReachCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand(
      "reach", "which instructions a campaign met, with which types, in which states of the heap");
  const auto flags = std::make_shared<Flags>();
  parser->add_option("folder", flags->folder, "of a campaign")->capture_default_str();
  parser->add_flag("--json", flags->json, "all cells that there may be, with their counts");
  return {parser, [flags] { return ShowReach(*flags); }};
}

}  // namespace slabhound::cli
