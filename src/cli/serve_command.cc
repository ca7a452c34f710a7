#include "cli/serve_command.h"

#include <fmt/format.h>
#include <sys/signalfd.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "base/descriptor.h"
#include "base/file.h"
#include "page/report.h"
#include "page/server.h"

namespace slabhound::cli {
namespace {

// Can be read once the command is to end. Its signals are blocked from now on, in all threads.
Descriptor EndingSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return Descriptor(signalfd(-1, &signals, SFD_CLOEXEC));
}

int Serve(const page::ServerOptions& options) {
  const Descriptor ending = EndingSignals();
  const auto server = page::Server::Start(options);
  if (!server) return UsageError(server.error());
  Print(fmt::format("{}\n", (*server)->Url()));
  std::fflush(stdout);
  (*server)->Run(ending.get());
  return kExitFine;
}

int Report(const std::string& folder, const std::string& out) {
  const auto text = page::ReportText(folder);
  if (!text) return UsageError(text.error());
  const auto written = WriteFile(out, AsBytes(*text));
  if (!written) return UsageError(written.error().message);
  return kExitFine;
}

}  // namespace

Command AddServeCommand(CLI::App& app) {
  CLI::App* parser =
      app.add_subcommand("serve", "show a campaign's folder as a page; prints where it is");
  const auto options = std::make_shared<page::ServerOptions>();
  options->folder = "findings";
  options->port = page::kPort;
  parser->add_option("DIR", options->folder, "folder of findings")->capture_default_str();
  parser->add_option("--port", options->port, "0: any that is free")->capture_default_str();
  parser->add_option("--host", options->host, "the address; from other machines it needs a token")
      ->capture_default_str();
  parser->add_option("--token", options->token,
                     "what a reader must have (default: none on this machine, else one is made)");
  parser->add_flag("--read-only", options->is_read_only, "nobody may label, merge, split or mark");
  return {parser, [options] { return Serve(*options); }};
}

Command AddReportCommand(CLI::App& app) {
  CLI::App* parser =
      app.add_subcommand("report", "write the page of a campaign's folder as a file");
  const auto folder = std::make_shared<std::string>("findings");
  const auto out = std::make_shared<std::string>();
  parser->add_option("DIR", *folder, "folder of findings")->capture_default_str();
  parser->add_option("--out", *out, "the file")->required()->type_name("FILE.html");
  return {parser, [=] { return Report(*folder, *out); }};
}

}  // namespace slabhound::cli
