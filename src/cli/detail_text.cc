#include "cli/detail_text.h"

#include <algorithm>
#include <array>

#include "graph/layout.h"

namespace slabhound::cli {
namespace {

constexpr size_t kWordsMax = 3, kFramesMax = 2;

constexpr std::string_view kPanicked = " panicked at ";
// What a back trace has of every panic.
constexpr std::array<std::string_view, 8> kNobodysFrames = {
    "rust_", "core::", "std::", "alloc::", "<unknown>", "_", "main", "<core::"};

std::string_view Trimmed(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t begin = line.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(kBlanks) - begin + 1);
}

// The function of a back trace's line "  3: function"; empty: it is none.
std::string_view Frame(std::string_view line) {
  const size_t digits = line.find_first_not_of("0123456789");
  const bool is_frame =
      digits != 0 && digits != std::string_view::npos && line.substr(digits).starts_with(": ");
  return is_frame ? line.substr(digits + 2) : std::string_view();
}

bool IsNobodys(std::string_view frame) {
  return std::ranges::any_of(kNobodysFrames,
                             [frame](std::string_view start) { return frame.starts_with(start); });
}

// The end of a place, from the start of one of its folders.
std::string PlaceText(std::string_view place, size_t columns) {
  if (place.ends_with(':')) place.remove_suffix(1);
  if (place.size() <= columns) return std::string(place);
  const size_t slash = place.find('/', place.size() - columns + 3);
  return "…" + std::string(place.substr(slash == std::string_view::npos ? place.size() - columns + 3
                                                                        : slash));
}

}  // namespace

std::vector<std::string> DetailLines(std::string_view detail, size_t columns) {
  std::vector<std::string> words, places, frames;
  bool in_trace = false;
  for (size_t begin = 0; begin < detail.size();) {
    const size_t end = std::min(detail.find('\n', begin), detail.size());
    const std::string_view line = Trimmed(detail.substr(begin, end - begin));
    begin = end + 1;
    in_trace |= line == "stack backtrace:";
    const size_t panicked = line.find(kPanicked);
    if (in_trace) {
      const std::string_view frame = Frame(line);
      if (frame.empty() || IsNobodys(frame) || frames.size() == kFramesMax) continue;
      frames.push_back(graph::Clipped("in " + std::string(frame), columns));
    } else if (panicked != std::string_view::npos && places.empty()) {
      places.push_back("at " + PlaceText(line.substr(panicked + kPanicked.size()), columns - 3));
    } else if (!line.empty() && words.size() < kWordsMax) {
      words.push_back(graph::Clipped(std::string(line), columns));
    }
  }
  words.insert(words.end(), places.begin(), places.end());
  words.insert(words.end(), frames.begin(), frames.end());
  return words;
}

}  // namespace slabhound::cli
