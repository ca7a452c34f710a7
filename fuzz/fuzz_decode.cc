// Any bytes: decode, then validate. Nothing may crash, leak or run away.
#include <cstddef>
#include <cstdint>
#include <memory>

#include "valid/valid_module.h"
#include "wasm/decode.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto module = slabhound::wasm::Decode({data, size});
  if (!module.has_value()) return 0;  // what is malformed in a new way is worth keeping
  slabhound::wasm::TypeStore types;
  auto shared = std::make_shared<const slabhound::wasm::Module>(std::move(*module));
  [[maybe_unused]] const auto valid = slabhound::valid::Validate(std::move(shared), types);
  return 0;
}
