// Writes the dictionary for fuzzers that mutate the bytes of modules, in the form that libFuzzer
// and AFL++ read: every opcode of opcodes.def, the codes of types, and numbers at the edges of
// LEB128.
#include <fmt/format.h>

#include <set>
#include <string>

#include "base/bytes.h"
#include "base/leb128.h"
#include "wasm/opcode.h"
#include "wasm/type_codes.h"

namespace slabhound {
namespace {

class Dictionary {
 public:
  void Add(std::string_view name, const Bytes& bytes) {
    if (!seen_.insert(bytes).second) return;
    std::string value;
    for (const uint8_t byte : bytes) value += fmt::format("\\x{:02x}", byte);
    std::string key(name);
    for (char& c : key) {
      if (c == '.') c = '_';  // AFL++ takes letters, digits and underscores
    }
    fmt::print("{}=\"{}\"\n", key, value);
  }

 private:
  std::set<Bytes> seen_;
};

void AddTypes(Dictionary& dictionary) {
  for (const wasm::AbstractHeap heap : wasm::kAbstractHeapCodes) {
    const std::string name = wasm::TypeText(wasm::HeapType(heap));
    dictionary.Add("heap_" + name, {wasm::CodeOf(heap)});
    dictionary.Add("ref_" + name, {wasm::kRefCode, wasm::CodeOf(heap)});
    dictionary.Add("ref_null_" + name, {wasm::kRefNullCode, wasm::CodeOf(heap)});
  }
  for (uint8_t index = 0; index < 4; ++index) {
    dictionary.Add(fmt::format("ref_{}", index), {wasm::kRefCode, index});
    dictionary.Add(fmt::format("ref_null_{}", index), {wasm::kRefNullCode, index});
  }
  constexpr std::pair<std::string_view, uint8_t> kFields[] = {
      {"i32", wasm::kI32Code}, {"i64", wasm::kI64Code},   {"f32", wasm::kF32Code},
      {"f64", wasm::kF64Code}, {"v128", wasm::kV128Code}, {"i8", wasm::kI8Code},
      {"i16", wasm::kI16Code}};
  for (const auto& [name, code] : kFields) dictionary.Add(fmt::format("field_{}", name), {code, 1});
  dictionary.Add("func", {wasm::kFuncCode, 0, 0});
  dictionary.Add("struct", {wasm::kStructCode, 1});
  dictionary.Add("array", {wasm::kArrayCode});
  dictionary.Add("sub", {wasm::kSubCode, 1, 0});
  dictionary.Add("sub_final", {wasm::kSubFinalCode, 1, 0});
  dictionary.Add("rec", {wasm::kRecCode, 2});
}

void AddNumbers(Dictionary& dictionary) {
  for (const uint64_t number : {uint64_t{127}, uint64_t{128}, uint64_t{16'384}, uint64_t{1} << 31,
                                (uint64_t{1} << 32) - 1, uint64_t{1} << 32, UINT64_MAX}) {
    Bytes bytes;
    AppendUnsignedLeb(bytes, number);
    dictionary.Add(fmt::format("unsigned_{}", number), bytes);
  }
  for (const int64_t number : {int64_t{INT32_MIN}, int64_t{INT32_MAX}, INT64_MIN, INT64_MAX}) {
    Bytes bytes;
    AppendSignedLeb(bytes, number);
    dictionary.Add(fmt::format("signed_{:x}", static_cast<uint64_t>(number)), bytes);
  }
}

void AddOpcodes(Dictionary& dictionary) {
  for (const wasm::OpcodeInfo& info : wasm::AllOpcodes()) {
    Bytes bytes;
    if (info.prefix != 0) bytes.push_back(info.prefix);
    AppendUnsignedLeb(bytes, info.code);
    if (info.prefix == 0) bytes = {static_cast<uint8_t>(info.code)};
    dictionary.Add(info.name, bytes);
  }
}

}  // namespace
}  // namespace slabhound

int main() {
  slabhound::Dictionary dictionary;
  slabhound::AddOpcodes(dictionary);
  slabhound::AddTypes(dictionary);
  slabhound::AddNumbers(dictionary);
  return 0;
}
