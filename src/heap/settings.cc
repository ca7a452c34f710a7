#include "heap/settings.h"

#include <algorithm>
#include <array>

namespace slabhound::heap {
namespace {

constexpr std::array kReuses = {
#define SLABHOUND_REUSE(name, text, ...) std::string_view{text},
#include "heap/settings.def"
};
constexpr std::array kStarts = {
#define SLABHOUND_START(name, text, ...) std::string_view{text},
#include "heap/settings.def"
};
constexpr std::array kVerifications = {
#define SLABHOUND_VERIFICATION(name, text, ...) std::string_view{text},
#include "heap/settings.def"
};
constexpr std::array kChecks = {
#define SLABHOUND_CHECKS(name, text, ...) std::string_view{text},
#include "heap/settings.def"
};

template <typename Enum, size_t count>
bool Take(const std::array<std::string_view, count>& texts, std::string_view word, Enum& value) {
  const auto found = std::ranges::find(texts, word);
  if (found == texts.end()) return false;
  value = static_cast<Enum>(found - texts.begin());
  return true;
}

template <typename Enum, size_t count>
void Append(const std::array<std::string_view, count>& texts, Enum value, std::string& text) {
  if (value != Enum{}) text.append(":").append(texts[static_cast<size_t>(value)]);
}

}  // namespace

bool TakeSetting(std::string_view word, Settings& settings) {
  return Take(kReuses, word, settings.reuse) || Take(kStarts, word, settings.start) ||
         Take(kVerifications, word, settings.verification) || Take(kChecks, word, settings.checks);
}

std::string SettingsText(const Settings& settings) {
  std::string text;
  Append(kReuses, settings.reuse, text);
  Append(kStarts, settings.start, text);
  Append(kVerifications, settings.verification, text);
  Append(kChecks, settings.checks, text);
  return text;
}

}  // namespace slabhound::heap
