// Settings: how a slab heap begins, which slots it uses again, how often it is verified, and
// whether it checks references (settings.def). They change no result of a program but where memory
// ends, unless a fault is injected.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace slabhound::heap {

enum class Reuse : uint8_t {
#define SLABHOUND_REUSE(name, ...) name,
#include "heap/settings.def"
};
enum class Start : uint8_t {
#define SLABHOUND_START(name, ...) name,
#include "heap/settings.def"
};
enum class Verification : uint8_t {
#define SLABHOUND_VERIFICATION(name, ...) name,
#include "heap/settings.def"
};

enum class Checks : uint8_t {
#define SLABHOUND_CHECKS(name, ...) name,
#include "heap/settings.def"
};

struct Settings {
  Reuse reuse = {};
  Start start = {};
  Verification verification = {};
  Checks checks = {};  // Unchecked: requires FaultsCompiledIn of heap/fault.h
  friend bool operator==(const Settings&, const Settings&) = default;
};

// Takes one word of settings.def; false: there is no such.
bool TakeSetting(std::string_view word, Settings& settings);
// The words of what is not as the first rows say, each behind a colon.
std::string SettingsText(const Settings& settings);
inline constexpr std::string_view kSettingTexts =
#define SLABHOUND_REUSE(name, text, ...) " " text
#define SLABHOUND_START(name, text, ...) " " text
#define SLABHOUND_VERIFICATION(name, text, ...) " " text
#define SLABHOUND_CHECKS(name, text, ...) " " text
#include "heap/settings.def"
    ;

}  // namespace slabhound::heap
