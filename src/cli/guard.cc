#include "cli/guard.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include "campaign/death.h"
#include "cli/command.h"
#include "trace/run.h"
#include "worker/diagnose.h"

namespace slabhound::cli {
namespace {

SharedGuardNote current_note;

// "in call 2"; behind the engine's text a note may have a place of its own.
std::string PlaceText(std::string_view place, uint32_t step) {
  if (!place.empty()) return fmt::format("in {}", place);
  if (step == trace::kInstantiateStep) return "in the instantiation";
  if (step == trace::kStateStep) return "in the final state";
  return fmt::format("in call {}", step);
}

// The engine that the child was at, if at one, and the place in its run.
struct Where {
  std::optional<engine::EngineSpec> engine;
  std::string place;
};

Where ReadNote(const GuardNote& note) {
  const std::string what = note.what();
  const size_t line = what.find('\n');
  const auto engine = engine::ParseEngine(what.substr(0, line));
  if (!engine) return {std::nullopt, "outside of all engines"};
  return {*engine, PlaceText(line == std::string::npos ? "" : what.substr(line + 1), note.step())};
}

// The finding that a child's end is.
int TellDeath(const GuardEnd& end, const Where& where) {
  campaign::Death death =
      campaign::Classify(campaign::Stage::Run, where.engine ? &*where.engine : nullptr, end.status,
                         end.hangs ? "hang" : "", end.errors);
  if (!where.engine) death.signature.suspect = "slabhound";
  const std::string suspect = where.engine ? engine::EngineText(*where.engine) : "slabhound";
  Print(fmt::format(
      "verdict     {}\nsignature   {}\nsuspect     {}\n{} ended {}: what stands behind "
      "it was not run\n",
      death.verdict, diff::SignatureText(death.signature), suspect, suspect, where.place));
  return kExitFinding;
}

}  // namespace

GuardNote* CurrentNote() { return current_note.get(); }

int Guarded(const std::function<int()>& work) {
  current_note = MapGuardNote();
  if (current_note == nullptr) return work();
  const auto end = RunGuarded({.starts_others = true, .shows_errors = true},
                              [&]() -> int { std::exit(work()); });
  if (!end) return UsageError("no process for the command's work: the machine has none left");
  // A run that ends the process without a signal has failed as well.
  if (!end->died() && current_note->what().empty()) return end->status.code;
  const int signal = end->status.signal;
  // Ctrl-C, or a reader of the output that has seen enough, means the command.
  if (signal == SIGINT || signal == SIGPIPE) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  const Where where = ReadNote(*current_note);
  if (!end->hangs && worker::ComesFromOutside(signal)) {
    return UsageError(fmt::format("its process was killed by SIG{} {}: is memory short?",
                                  sigabbrev_np(signal), where.place));
  }
  return TellDeath(*end, where);
}

}  // namespace slabhound::cli
