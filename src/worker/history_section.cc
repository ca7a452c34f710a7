#include "worker/history_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/leb128.h"
#include "wasm/encode.h"
#include "wasm/limits.h"
#include "worker/protocol.h"

namespace slabhound::worker {
namespace {

void Append(Bytes& out, ByteSpan bytes) {
  AppendUnsignedLeb(out, bytes.size());
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// Takes a length and as many bytes off the front; nothing if they are not there.
std::optional<ByteSpan> Take(ByteSpan& bytes) {
  const auto length = ReadUnsignedLeb<uint32_t>(bytes);
  if (length.status != LebStatus::Ok || bytes.size() - length.size < length.value) {
    return std::nullopt;
  }
  const ByteSpan taken = bytes.subspan(length.size, length.value);
  bytes = bytes.subspan(length.size + length.value);
  return taken;
}

// The suspect, then request and module of each run.
Result<CaseHistory, std::string> Read(ByteSpan bytes) {
  const auto cut_off = [] { return Fail(std::string("it is cut off")); };
  CaseHistory history;
  const auto suspect = Take(bytes);
  if (!suspect) return cut_off();
  history.suspect = AsText(*suspect);
  while (!bytes.empty()) {
    const auto text = Take(bytes), module = text ? Take(bytes) : std::nullopt;
    if (!module) return cut_off();
    TRY_ASSIGN(trace::RunRequest request, ParseRequest(AsText(*text)));
    history.runs.push_back({std::move(request), Bytes(module->begin(), module->end())});
  }
  return history;
}

}  // namespace

std::optional<Bytes> WithHistory(Bytes test_case, const CaseHistory& history) {
  Bytes content;
  Append(content, AsBytes(history.suspect));
  for (const trace::SentRun& run : history.runs) {
    Append(content, AsBytes(RequestText(run.request)));
    Append(content, run.module);
  }
  wasm::Module section;
  section.customs.push_back({std::string(kHistorySectionName), std::move(content)});
  constexpr std::ptrdiff_t kHeaderBytes = 8;  // magic number and version
  const Bytes bytes = wasm::Encode(section);
  test_case.insert(test_case.end(), bytes.begin() + kHeaderBytes, bytes.end());
  if (test_case.size() > wasm::limits::kModuleBytesMax) return std::nullopt;
  return test_case;
}

Result<CaseHistory, std::string> TakeHistory(wasm::Module& module) {
  const auto fail = [](std::string_view why) {
    return Fail(fmt::format("the custom section {}: {}", kHistorySectionName, why));
  };
  const auto is_history = [](const wasm::CustomSection& each) {
    return each.name == kHistorySectionName;
  };
  const auto found = std::ranges::find_if(module.customs, is_history);
  if (found == module.customs.end()) return CaseHistory{};
  if (std::ranges::count_if(module.customs, is_history) > 1) return fail("there is a second one");
  auto history = Read(found->bytes);
  if (!history) return fail(history.error());
  module.customs.erase(found);
  return *std::move(history);
}

}  // namespace slabhound::worker
