#include "campaign/wire.h"

#include <array>

namespace slabhound::campaign {
namespace {

constexpr size_t kLevelsMax = 8, kItemsMax = 1u << 20;

// An item's first byte (RFC 8949, 3), and the number that belongs to it.
struct Head {
  enum Kind : uint8_t { Number, Bytes = 2, Text, Array, Simple = 7 } kind;
  uint64_t number;
};

// Takes it off the frame. Nothing where there is none, or the length is left open.
std::optional<Head> TakeHead(ByteSpan& frame) {
  if (frame.empty()) return std::nullopt;
  const uint8_t first = frame[0], low = first & 31;
  Head head{static_cast<Head::Kind>(first >> 5), low};
  frame = frame.subspan(1);
  if (low < 24) return head;
  const size_t size = size_t{1} << (low - 24);
  if (low > 27 || frame.size() < size) return std::nullopt;
  head.number = 0;
  for (const uint8_t byte : frame.first(size)) head.number = head.number << 8 | byte;
  frame = frame.subspan(size);
  return head;
}

bool IsBounded(ByteSpan frame) {
  std::array<uint64_t, kLevelsMax> left{1};  // items at each level
  size_t level = 0;
  for (size_t items = 0; items < kItemsMax; ++items) {
    while (left[level] == 0) {
      if (level == 0) return frame.empty();
      --level;
    }
    --left[level];
    const auto head = TakeHead(frame);
    if (!head) return false;
    switch (head->kind) {
      case Head::Number:
      case Head::Simple:
        break;
      case Head::Bytes:
      case Head::Text:
        if (head->number > frame.size()) return false;
        frame = frame.subspan(head->number);
        break;
      case Head::Array:
        if (head->number > frame.size() || level + 1 == kLevelsMax) return false;
        left[++level] = head->number;
        break;
      default:
        return false;
    }
  }
  return false;
}

}  // namespace

Bytes WriteItem(const Item& item) { return Item::to_cbor(item); }

std::optional<Item> ReadItem(ByteSpan frame) {
  if (!IsBounded(frame)) return std::nullopt;
  Item item = Item::from_cbor(frame.begin(), frame.end(), /*strict=*/true,
                              /*allow_exceptions=*/false);
  if (item.is_discarded()) return std::nullopt;
  return item;
}

}  // namespace slabhound::campaign
