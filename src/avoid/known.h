// Known disagreements (known.def): findings that are explained already. They are counted by name,
// in every summary, and are no findings.
//
// 1. Only engines behind workers have rows, and only a day before a row's last one does it hold.
// 2. The option `known=off` of an engine takes all its rows away, avoidances too.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "avoid/avoid.h"
#include "engine/spec.h"

namespace slabhound::avoid {

// How a known disagreement shows; one that is avoided need not show at all.
enum class Shows : uint8_t {
  Nothing,
#define SLABHOUND_OUTCOME(name, text) name,
#include "avoid/outcomes.def"
};

struct KnownEntry {
  std::string_view name;
  engine::EngineKind engine;
  std::string_view first_version, last_version;
  Shows shows;
  std::string_view message;  // the start of what the engine says, without numbers
  std::string_view detail;   // a part of it as it stands
  Avoidance avoidance;
  std::string_view expires;  // YYYY-MM-DD
  std::string_view reference, reason;
};
std::span<const KnownEntry> KnownEntries();

// The day, by the machine's clock in UTC.
std::string Today();
inline bool IsExpired(const KnownEntry& entry, std::string_view today) {
  return today >= entry.expires;
}

// Versions are compared number by number: "bun 1.4.5" is between 1.4 and 1.4.5.
bool VersionWithin(std::string_view version, std::string_view first, std::string_view last);

// Whether the row is about this engine in this version; an empty version is any.
bool IsAbout(const KnownEntry& entry, const engine::EngineSpec& spec, std::string_view version);

// What an engine did that may be in a row.
struct Symptom {
  Shows shows = Shows::Nothing;
  std::string message, detail;  // in the engine's words: without numbers, and as they stand
};
// The row of a symptom; null: it is a new one.
const KnownEntry* FindKnown(const engine::EngineSpec& spec, std::string_view version,
                            const Symptom& symptom, std::string_view today);

}  // namespace slabhound::avoid
