#include "campaign/death.h"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <utility>

namespace slabhound::campaign {
namespace {

std::string SignalName(int signal) {
  constexpr std::array<std::pair<int, std::string_view>, 7> kNames = {{{SIGSEGV, "SIGSEGV"},
                                                                       {SIGABRT, "SIGABRT"},
                                                                       {SIGBUS, "SIGBUS"},
                                                                       {SIGFPE, "SIGFPE"},
                                                                       {SIGILL, "SIGILL"},
                                                                       {SIGTRAP, "SIGTRAP"},
                                                                       {SIGKILL, "SIGKILL"}}};
  for (const auto& [number, name] : kNames) {
    if (number == signal) return std::string(name);
  }
  return fmt::format("signal {}", signal);
}

// What the dying words say beyond the signal: a broken invariant's condition, or a sanitizer's kind
// of error; without places, which move.
std::string Words(std::string_view errors) {
  struct Phrase {
    std::string_view start, end;
  };
  for (const Phrase& phrase : {Phrase{"broken invariant: ", " ("}, Phrase{"Sanitizer: ", " "},
                               Phrase{"runtime error: ", "\n"}}) {
    const size_t at = errors.find(phrase.start);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = errors.substr(at + phrase.start.size());
    return fmt::format(
        ": {}",
        rest.substr(0, std::min(rest.find_first_of("\n"), rest.find(phrase.end))).substr(0, 100));
  }
  return {};
}

std::string_view Place(Stage stage, const diff::EngineSpec* engine) {
  if (stage == Stage::Decode) return "decoder";
  if (engine == nullptr) return "engine";
  return engine->kind == diff::EngineKind::Oracle ? "oracle" : "slab";
}

}  // namespace

Death Classify(Stage stage, const diff::EngineSpec* engine, const WorkerEnd& end,
               std::string_view sentence, std::string_view errors) {
  const std::string how = !sentence.empty() ? std::string(sentence)
                          : end.signal != 0 ? SignalName(end.signal)
                                            : fmt::format("exit {}", end.code);
  if (sentence.empty() && end.signal == SIGKILL) {
    return {DeathKind::Killed, "killed", fmt::format("killed: SIGKILL at {}", StageName(stage))};
  }
  const std::string verdict = sentence.empty() ? "crash" : std::string(sentence);
  if (stage == Stage::Generate) {
    return {DeathKind::GeneratorCrash, verdict,
            fmt::format("generator crash: {}{}", how, Words(errors))};
  }
  if (!sentence.empty()) {
    return {DeathKind::Finding, verdict, fmt::format("{} {}", Place(stage, engine), sentence)};
  }
  return {DeathKind::Finding, verdict,
          fmt::format("{} crash: {}{}", Place(stage, engine), how, Words(errors))};
}

}  // namespace slabhound::campaign
