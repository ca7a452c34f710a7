#include "cli/show_command.h"

#include <fmt/format.h>

#include <memory>

#include "cli/case_file.h"
#include "text/wat.h"

namespace slabhound::cli {
namespace {

// A name in a comment: whatever could end the line or the terminal's patience is escaped.
std::string Quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c >= ' ' && c < '\x7f' && c != '"' && c != '\\') {
      text += c;
    } else {
      text += fmt::format("\\{:02x}", static_cast<uint8_t>(c));
    }
  }
  return text + "\"";
}

int Show(const std::string& path) {
  const auto test_case = ReadCase(path);
  if (!test_case) return UsageError(test_case.error());
  Print(text::PrintModule(test_case->module));
  Print(fmt::format(";; plan: seed {}, {} calls\n", test_case->plan.seed,
                    test_case->plan.calls.size()));
  for (const testcase::Call& call : test_case->plan.calls) {
    std::string line = fmt::format(";;   {}", Quoted(call.export_name));
    for (const uint64_t argument : call.arguments) line += fmt::format(" {}", argument);
    Print(line + "\n");
  }
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
