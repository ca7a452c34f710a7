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

struct KnownEntry {
  std::string_view name;
  engine::EngineKind engine;
  std::string_view first_version, last_version;
  std::string_view signature, detail;  // parts of a finding's signature and explanation
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

// The row of a finding; null: it is a new one.
const KnownEntry* FindKnown(const engine::EngineSpec& spec, std::string_view version,
                            std::string_view signature, std::string_view explanation,
                            std::string_view today);

}  // namespace slabhound::avoid
