#include "cli/show_command.h"

#include <fmt/format.h>

#include <memory>

#include "cli/case_file.h"
#include "provide/provide.h"
#include "testcase/plan_text.h"
#include "testcase/prepared.h"
#include "worker/history_section.h"

namespace slabhound::cli {
namespace {

struct Flags {
  std::string path, imports;
  bool lists_imports = false;
};

int ShowImports(const Flags& flags, const testcase::TestCase& test_case) {
  const auto answers = ReadImportsFlag(flags.imports);
  if (!answers) return UsageError(answers.error());
  // A list of what is given makes sense only where there is a type to give it to.
  const auto prepared = testcase::Prepare(test_case);
  if (!prepared) return UsageError(InvalidCase(flags.path, prepared.error()));
  const auto text = provide::ImportsText(test_case, *answers ? &**answers : nullptr);
  if (!text) return UsageError(fmt::format("{}: {}", flags.imports, text.error()));
  Print(*text);
  return kExitFine;
}

// Comments, for a case that has a history.
std::string HistoryText(const worker::CaseHistory& history) {
  if (history.runs.empty()) return {};
  std::string text = fmt::format(";; behind {} modules that {} ran before, not in this text:\n",
                                 history.runs.size(), history.suspect);
  for (const trace::SentRun& run : history.runs) {
    text += fmt::format(";;   {} bytes, {} calls\n", run.module.size(), run.request.exports.size());
  }
  return text;
}

int Show(const Flags& flags) {
  auto test_case = ReadCaseAsWritten(flags.path);
  if (!test_case) return UsageError(test_case.error());
  const auto history = worker::TakeHistory(test_case->module);
  if (!history) return UsageError(fmt::format("{}: {}", flags.path, history.error()));
  if (flags.lists_imports) return ShowImports(flags, *test_case);
  Print(HistoryText(*history));
  Print(testcase::PrintTestCase(*test_case));
  return kExitFine;
}

}  // namespace

Command AddShowCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand("show", "print a test case as text, with its calls");
  const auto flags = std::make_shared<Flags>();
  parser->add_option("CASE", flags->path, "a .wasm or .wat file, or a .wast of one module")
      ->required();
  parser
      ->add_option_function<std::string>(
          "--imports",
          [flags](const std::string& file) {
            flags->lists_imports = true;
            flags->imports = file;
          },
          "list the imports instead: type, and what each is given, by a file of answers too")
      ->expected(0, 1)
      ->type_name("[FILE]");
  return {parser, [flags] { return Show(*flags); }};
}

}  // namespace slabhound::cli
