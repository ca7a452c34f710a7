// Frames between supervisor and worker: numbers and byte strings, one after the other.
//
// Reading is total: a worker whose memory was overwritten may send anything. ok() tells at the end
// whether the frame held what was asked of it.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/leb128.h"

namespace slabhound::campaign {

inline constexpr size_t kFrameBytesMax = 64u << 20;

class WireWriter {
 public:
  void Number(uint64_t value) { AppendUnsignedLeb(bytes_, value); }
  void Blob(ByteSpan value) {
    Number(value.size());
    bytes_.insert(bytes_.end(), value.begin(), value.end());
  }
  void Text(std::string_view value) { Blob(AsBytes(value)); }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

class WireReader {
 public:
  explicit WireReader(ByteSpan bytes) : rest_(bytes) {}

  uint64_t Number() {
    const auto leb = ReadUnsignedLeb<uint64_t>(rest_);
    if (leb.status != LebStatus::Ok) {
      ok_ = false;
      return 0;
    }
    rest_ = rest_.subspan(leb.size);
    return leb.value;
  }
  Bytes Blob() {
    const uint64_t size = Number();
    if (size > rest_.size()) {
      ok_ = false;
      return {};
    }
    const ByteSpan value = rest_.first(size);
    rest_ = rest_.subspan(size);
    return {value.begin(), value.end()};
  }
  std::string Text() {
    const Bytes value = Blob();
    return std::string(AsText(value));
  }
  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }

 private:
  ByteSpan rest_;
  bool ok_ = true;
};

}  // namespace slabhound::campaign
