#include "cli/guard.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
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

// The finding that a child's end is.
int TellDeath(const GuardEnd& end, const GuardNote& note) {
  const std::string what = note.what();
  const size_t line = what.find('\n');
  const std::string text = what.substr(0, line);
  const auto engine = engine::ParseEngine(text);
  const campaign::Death death = campaign::Classify(
      engine ? campaign::Stage::Run : campaign::Stage::Decode, engine ? &*engine : nullptr,
      end.status, end.hangs ? "hang" : "", end.errors);
  Print(fmt::format("verdict     {}\nsignature   {}\n", death.verdict,
                    diff::SignatureText(death.signature)));
  if (!engine) {
    Print("it ended outside of all engines: a bug of Slabhound's own\n");
  } else {
    const std::string place =
        PlaceText(line == std::string::npos ? "" : what.substr(line + 1), note.step());
    Print(fmt::format("suspect     {0}\n{0} ended {1}: what stands behind it was not run\n", text,
                      place));
  }
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
  if (!end->hangs && worker::ComesFromOutside(end->status.signal)) {
    std::signal(end->status.signal, SIG_DFL);
    std::raise(end->status.signal);
  }
  return TellDeath(*end, *current_note);
}

}  // namespace slabhound::cli
