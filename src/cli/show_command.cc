#include "cli/show_command.h"

#include <memory>

#include "cli/case_file.h"
#include "testcase/plan_text.h"

namespace slabhound::cli {
namespace {

int Show(const std::string& path) {
  const auto test_case = ReadCase(path);
  if (!test_case) return UsageError(test_case.error());
  Print(testcase::PrintTestCase(*test_case));
  return kExitFine;
}

}  // namespace

Command AddShowCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand("show", "print a test case as text, with its calls");
  const auto path = std::make_shared<std::string>();
  parser->add_option("CASE", *path, "a .wasm or .wat file, or a .wast of one module")->required();
  return {parser, [path] { return Show(*path); }};
}

}  // namespace slabhound::cli
