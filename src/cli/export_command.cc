#include "cli/export_command.h"

#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "cli/case_file.h"
#include "diff/engine.h"
#include "diff/self_checking.h"
#include "wasm/encode.h"

namespace slabhound::cli {
namespace {

struct ExportFlags {
  std::string path, folder;
  bool self_checking = false;
  testcase::PortableOptions options;
};

Result<void, std::string> Write(const ExportFlags& flags, std::string_view name,
                                const wasm::Module& module, std::string_view what) {
  const std::string path = fmt::format("{}/{}.wasm", flags.folder, name);
  const auto written = WriteFile(path, wasm::Encode(module));
  if (!written) return Fail(written.error().message);
  Print(fmt::format("{}: {}\n", path, what));
  return {};
}

Result<void, std::string> WriteModules(const ExportFlags& flags) {
  TRY_ASSIGN(const testcase::TestCase test_case, ReadCase(flags.path));
  const auto prepared = diff::Prepare(test_case);
  if (!prepared) return Fail(fmt::format("{}: {}", flags.path, prepared.error().Message()));
  const auto why = [&flags](std::string_view message) {
    return Fail(fmt::format("{} cannot be exported: {}", flags.path, message));
  };
  if (const auto folder = MakeFolder(flags.folder); !folder) return Fail(folder.error().message);
  if (!flags.self_checking) {
    const auto module = testcase::MakePortable(test_case, flags.options);
    if (!module) return why(module.error().message);
    return Write(flags, "portable", *module, "runs beside the four imports of testcase/portable.h");
  }
  const auto modules = diff::ExportSelfChecking(test_case, flags.options);
  if (!modules) return why(modules.error());
  for (const diff::SelfChecking& each : *modules) {
    TRY(Write(flags, each.name, each.module,
              fmt::format("must {} ({} calls)", each.traps ? "trap" : "return", each.calls)));
  }
  return {};
}

}  // namespace

Command AddExportCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand(
      "export", "write a test case as modules for engines that know nothing of Slabhound");
  const auto flags = std::make_shared<ExportFlags>();
  parser->add_option("CASE", flags->path, "a .wasm or .wat file")->required();
  parser->add_option("--out", flags->folder, "folder for the modules")->required();
  parser->add_flag("--self-checking", flags->self_checking,
                   "no imports; run, _start or main returns if all is as the oracle has it, "
                   "and traps if not");
  parser->add_flag("!--no-exceptions", flags->options.exceptions,
                   "for engines without exception instructions");
  parser->add_option("--gc-one-in", flags->options.gc_one_in,
                     "call gc at one in so many places (default 0: nowhere)");
  parser->add_option("--gc-seed", flags->options.gc_seed, "which places");
  return {parser, [flags] {
            const auto written = WriteModules(*flags);
            return written ? kExitFine : UsageError(written.error());
          }};
}

}  // namespace slabhound::cli
