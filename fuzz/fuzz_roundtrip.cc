// Any bytes that decode: encode → decode → encode and print → read → encode both give the same
// bytes; text has no data count that no instruction needs, and no empty initializer of a table.
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "base/check.h"
#include "text/wat.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto module = slabhound::wasm::Decode({data, size});
  if (!module.has_value()) return -1;
  const slabhound::Bytes encoded = slabhound::wasm::Encode(*module);
  auto again = slabhound::wasm::Decode(encoded);
  CHECK(again.has_value());
  CHECK(slabhound::wasm::Encode(*again) == encoded);
  again->data_count.reset();
  for (const auto& table : again->tables) {
    if (table.init && table.init->code.size() == 1) return 0;
  }
  const auto read = slabhound::text::ReadModule(slabhound::text::PrintModule(*again));
  if (!read.has_value()) fmt::print(stderr, "{}\n", read.error().Message());
  CHECK(read.has_value());
  CHECK(slabhound::wasm::Encode(*read) == slabhound::wasm::Encode(*again));
  return 0;
}
