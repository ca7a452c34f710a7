#include "avoid/known.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <vector>

namespace slabhound::avoid {
namespace {

constexpr auto kEntries = [] {
  using enum engine::EngineKind;
  return std::to_array<KnownEntry>({
#define SLABHOUND_KNOWN(name, of, first, last, shows, message, detail, avoidance, ...) \
  {name, of, first, last, Shows::shows, message, detail, Avoidance::avoidance, __VA_ARGS__},
#include "avoid/known.def"
  });
}();

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The numbers of the first dotted word that begins with a digit.
std::vector<uint32_t> Numbers(std::string_view version) {
  std::vector<uint32_t> numbers;
  const auto first = std::ranges::find_if(version, IsDigit);
  version.remove_prefix(static_cast<size_t>(first - version.begin()));
  while (!version.empty() && IsDigit(version.front())) {
    uint32_t number = 0;
    const char* end = version.data() + version.size();
    const char* behind = std::from_chars(version.data(), end, number).ptr;
    numbers.push_back(number);
    version.remove_prefix(static_cast<size_t>(behind - version.data()));
    if (!version.starts_with('.')) break;
    version.remove_prefix(1);
  }
  return numbers;
}

}  // namespace

std::span<const KnownEntry> KnownEntries() { return kEntries; }

std::string Today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 16> text{};
  return std::string(text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts));
}

bool VersionWithin(std::string_view version, std::string_view first, std::string_view last) {
  const std::vector<uint32_t> numbers = Numbers(version);
  return (first.empty() || numbers >= Numbers(first)) && (last.empty() || numbers <= Numbers(last));
}

bool IsAbout(const KnownEntry& entry, const engine::EngineSpec& spec, std::string_view version) {
  return entry.engine == spec.kind && spec.form.known &&
         (version.empty() || VersionWithin(version, entry.first_version, entry.last_version));
}

const KnownEntry* FindKnown(const engine::EngineSpec& spec, std::string_view version,
                            const Symptom& symptom, std::string_view today) {
  for (const KnownEntry& entry : kEntries) {
    if (IsAbout(entry, spec, version) && !IsExpired(entry, today) &&
        entry.shows != Shows::Nothing && entry.shows == symptom.shows &&
        symptom.message.starts_with(entry.message) &&
        symptom.detail.find(entry.detail) != std::string::npos) {
      return &entry;
    }
  }
  return nullptr;
}

}  // namespace slabhound::avoid
