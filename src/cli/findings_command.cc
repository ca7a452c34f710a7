#include "cli/findings_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "campaign/findings_table.h"
#include "campaign/known_rows.h"
#include "campaign/overrides.h"
#include "campaign/retry.h"
#include "campaign/store.h"
#include "cli/canaries.h"
#include "cli/engine_flags.h"
#include "ledger/said.h"

namespace slabhound::cli {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string folder;  // empty: not said
  bool verbose = false;
  std::string first, second, text, out;
  EngineFlags engines;
};

// The folder that a path to a symptom's folder is in, unless one was named.
void ChooseFolder(Flags& flags) {
  if (!flags.folder.empty()) return;
  fs::path path(flags.first);
  if (!path.has_filename()) path = path.parent_path();
  path = path.parent_path();
  if (path.filename() == "symptoms") path = path.parent_path().parent_path();
  flags.folder = path.empty() ? "findings" : path.string();
}

Result<campaign::BugList, std::string> ReadFolder(const std::string& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    return Fail(fmt::format("{}: no such folder; a campaign's --out names one", folder));
  }
  auto list = campaign::ReadBugList(folder);
  if (!list) return Fail(std::move(list.error().message));
  return *std::move(list);
}

// The symptom that is meant: a folder's name or its beginning, behind whatever path.
Result<std::string, std::string> FindSymptom(const Flags& flags, const campaign::BugList& list,
                                             const std::string& name) {
  fs::path path(name);
  if (!path.has_filename()) path = path.parent_path();
  const std::string start = path.filename().string();
  if (list.symptoms.contains(start)) return start;
  std::vector<std::string> meant;
  for (const auto& [slug, record] : list.symptoms) {
    if (!start.empty() && slug.starts_with(start)) meant.push_back(slug);
  }
  if (meant.size() == 1) return meant.front();
  if (meant.empty()) {
    return Fail(
        fmt::format("{}: no symptom in {} begins so; slabhound findings {} --verbose lists "
                    "them",
                    name, flags.folder, flags.folder));
  }
  return Fail(fmt::format("{}: {} symptoms in {} begin so, as {} and {}; name one", name,
                          meant.size(), flags.folder, meant[0], meant[1]));
}

int List(const Flags& flags) {
  const auto list = ReadFolder(flags.folder);
  if (!list) return UsageError(list.error());
  Print(campaign::FindingsTable(flags.folder, *list, flags.verbose));
  return kExitFine;
}

// What a person says of the bugs of the list.
using Saying =
    std::function<Result<std::vector<ledger::Said>, std::string>(const campaign::BugList& list)>;

// Notes it, and brings the folder in line.
int SayOf(const Flags& flags, const Saying& saying) {
  if (const auto list = ReadFolder(flags.folder); !list) return UsageError(list.error());
  auto store = campaign::Store::Open(flags.folder);
  if (!store) return UsageError(store.error().message);
  const auto said = saying(store->list());
  if (!said) return UsageError(said.error());
  if (const auto noted = store->Say(*said); !noted) return UsageError(noted.error().message);
  Print(campaign::FindingsTable(flags.folder, store->list(), flags.verbose));
  return kExitFine;
}

using Sayings = Result<std::vector<ledger::Said>, std::string>;

int Merge(const Flags& flags) {
  return SayOf(flags, [&](const campaign::BugList& list) -> Sayings {
    TRY_ASSIGN(const std::string a, FindSymptom(flags, list, flags.first));
    TRY_ASSIGN(const std::string b, FindSymptom(flags, list, flags.second));
    return std::vector{campaign::Merge(ledger::NowMs(), a, b)};
  });
}

int Split(const Flags& flags) {
  return SayOf(flags, [&](const campaign::BugList& list) -> Sayings {
    TRY_ASSIGN(const std::string symptom, FindSymptom(flags, list, flags.first));
    return std::vector{campaign::Split(ledger::NowMs(), symptom)};
  });
}

int Label(const Flags& flags) {
  return SayOf(flags, [&](const campaign::BugList& list) -> Sayings {
    TRY_ASSIGN(const std::string symptom, FindSymptom(flags, list, flags.first));
    const cause::Bug* bug = list.BugOf(symptom);
    if (bug == nullptr) return Fail(fmt::format("{}: in no bug", symptom));
    return campaign::LabelOf(ledger::NowMs(), *bug, flags.text);
  });
}

int Known(const Flags& flags) {
  const auto list = ReadFolder(flags.folder);
  if (!list) return UsageError(list.error());
  const auto symptom = FindSymptom(flags, *list, flags.first);
  if (!symptom) return UsageError(symptom.error());
  const cause::Bug* bug = list->BugOf(*symptom);
  if (bug == nullptr) return UsageError(fmt::format("{}: in no bug", *symptom));
  const auto rows = campaign::KnownRowsOf(*list, *bug);
  if (!rows) return UsageError(rows.error());
  if (const auto written = campaign::AppendKnownRows(flags.out, *rows); !written) {
    return UsageError(written.error());
  }
  for (const avoid::KnownRow& row : *rows) {
    Print(fmt::format("{}: known {}; look at its versions, reason and day\n", flags.out, row.name));
  }
  return kExitFine;
}

int Fixed(const Flags& flags) {
  return SayOf(flags, [&](const campaign::BugList& list) -> Sayings {
    TRY_ASSIGN(const std::string symptom, FindSymptom(flags, list, flags.first));
    return std::vector{ledger::Said{ledger::NowMs(), "fixed", symptom, {}, {}}};
  });
}

int Retry(const Flags& flags) {
  const auto engines = SelectEngines(flags.engines, {});
  if (!engines) return UsageError(engines.error());
  if (engines->empty()) return UsageError("findings retry: --engine says which build");
  const auto list = ReadFolder(flags.folder);
  if (!list) return UsageError(list.error());
  worker::Lab lab = TodaysLab(flags.engines);
  if (const auto passed = SendCanaries(*engines, lab); !passed) return UsageError(passed.error());
  const auto result = campaign::RetryBugs(flags.folder, *list, *engines, lab,
                                          [](const std::string& line) { Print(line + "\n"); });
  if (!result) return UsageError(result.error());
  Print(fmt::format("{} bugs tried, {} came back\n", result->tried, result->came_back));
  return result->came_back > 0 ? kExitFinding : kExitFine;
}

CLI::App* AddVerb(CLI::App& parser, const char* name, const char* help, Flags& flags) {
  CLI::App* verb = parser.add_subcommand(name, help);
  verb->add_option("--in", flags.folder,
                   "folder of findings (default: what a path says, or findings)")
      ->type_name("DIR");
  return verb;
}

constexpr const char* kSymptomHelp = "a folder of it, or the beginning of its name";

}  // namespace

Command AddFindingsCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand(
      "findings", "list the bugs of a folder of findings, and say what belongs together");
  const auto flags = std::make_shared<Flags>();
  parser->require_subcommand(0, 1);
  parser->add_option("DIR", flags->folder, "folder of findings (default: findings)");
  parser->add_flag("--verbose", flags->verbose, "the symptoms of each, and why they are of it");
  CLI::App* merge = AddVerb(*parser, "merge", "two symptoms are of one bug", *flags);
  merge->add_option("A", flags->first, kSymptomHelp)->required();
  merge->add_option("B", flags->second, kSymptomHelp)->required();
  CLI::App* split = AddVerb(*parser, "split", "a symptom is a bug of its own", *flags);
  split->add_option("SYMPTOM", flags->first, kSymptomHelp)->required();
  CLI::App* label = AddVerb(*parser, "label", "a name for a bug; an empty one is none", *flags);
  label->add_option("BUG", flags->first, kSymptomHelp)->required();
  label->add_option("TEXT", flags->text, "the name")->required();
  CLI::App* known =
      AddVerb(*parser, "known", "append a row for a bug to a file that --known takes", *flags);
  known->add_option("BUG", flags->first, kSymptomHelp)->required();
  known->add_option("--out", flags->out, "the file")->required()->type_name("FILE");
  CLI::App* fixed = AddVerb(*parser, "fixed", "a bug is fixed: it comes back if it fails", *flags);
  fixed->add_option("BUG", flags->first, kSymptomHelp)->required();
  CLI::App* retry = parser->add_subcommand(
      "retry", "try all bugs on a build of their engine: fixed, still there, or came back");
  retry->add_option("DIR", flags->folder, "folder of findings (default: findings)");
  AddEngineFlags(*retry, flags->engines);
  return {parser, [=] {
            ChooseFolder(*flags);
            if (merge->parsed()) return Merge(*flags);
            if (split->parsed()) return Split(*flags);
            if (label->parsed()) return Label(*flags);
            if (known->parsed()) return Known(*flags);
            if (fixed->parsed()) return Fixed(*flags);
            if (retry->parsed()) return Retry(*flags);
            return List(*flags);
          }};
}

}  // namespace slabhound::cli
