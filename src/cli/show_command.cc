#include "cli/show_command.h"

#include <memory>

#include "cli/case_file.h"
#include "text/wat.h"

namespace slabhound::cli {
namespace {

int Show(const std::string& path) {
  const auto test_case = ReadCase(path);
  if (!test_case) return UsageError(test_case.error());
  Print(text::PrintModule(test_case->module));
  Print(testcase::PlanComments(test_case->plan));
  return kExitFine;
}

}  // namespace

Command AddShowCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand("show", "print a test case as text, with its calls");
  const auto path = std::make_shared<std::string>();
  parser->add_option("CASE", *path, "a .wasm or .wat file")->required();
  return {parser, [path] { return Show(*path); }};
}

}  // namespace slabhound::cli
