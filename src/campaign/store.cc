#include "campaign/store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "campaign/finding_format.h"
#include "campaign/history_files.h"
#include "diff/compare.h"
#include "regression/reproduce.h"
#include "testcase/plan_text.h"
#include "testcase/testcase.h"

namespace slabhound::campaign {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr size_t kJsonBytesMax = 1u << 20;
using diff::SignatureSlug;
using diff::SignatureText;

// The object of a finding.json; discarded when it is none.
Json ReadJson(const std::string& path) {
  const auto content = ReadFile(path, kJsonBytesMax);
  if (!content) return Json(Json::value_t::discarded);
  Json json = Json::parse(content->begin(), content->end(), nullptr, false);
  const bool good = json.is_object() && FormatOf(json) <= kFindingFormat &&
                    json.contains("bytes") && json["bytes"].is_number_unsigned() &&
                    json.contains("minimized") && json["minimized"].is_boolean() &&
                    json.contains("count") && json["count"].is_number_unsigned();
  return good ? json : Json(Json::value_t::discarded);
}

std::string Reproduced(uint32_t seen, uint32_t tries) {
  return fmt::format("{} of {}", seen, tries);
}

// A folder tells its engines and history by itself; a file needs no other.
std::string ReproText(const Finding& finding, const std::string& folder) {
  if (finding.module.empty()) return {};
  const trace::Recurrence& recurrence = finding.recurrence;
  if (recurrence.happens_alone())
    return regression::ReproCommand(folder + "/case.wasm", finding.engines);
  const std::string command = regression::ReproCommand(folder, {});
  return recurrence.seen == recurrence.tries ? command : command + " --times 10";
}

std::string JsonText(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json ToJson(const Finding& finding, const std::string& folder, uint64_t count) {
  Json json = {
      {"format", kFindingFormat},
      {"kind", finding.kind},
      {"signature", SignatureText(finding.signature)},
      {"verdict", finding.verdict},
      {"explanation", finding.explanation},
      {"suspect", finding.suspect},
      {"engines", finding.engines},
      {"seed", finding.seed},
      {"case", finding.number},
      {"binaryen", finding.binaryen_version},
      {"count", count},
      {"minimized", finding.minimized},
      {"bytes", static_cast<uint64_t>(finding.module.size())},
      {"module_bytes", testcase::ModuleBytes(finding.module)},  // without the plan
      {"original_bytes", finding.original_bytes},               // likewise
      {"stderr", finding.errors},
      {"reproduce", ReproText(finding, folder)},
  };
  if (const auto& releases = finding.signature.releases; !releases.empty()) {
    json["releases"] = diff::RangeText(releases);
  }
  const trace::Recurrence& recurrence = finding.recurrence;
  if (recurrence.tries != 0) {
    json["reproduced"] = Reproduced(recurrence.seen, recurrence.tries);
    json["history"] = recurrence.history.size();
  }
  if (!recurrence.history.empty()) {
    json["regression_missing"] = "the failure needs the modules in history";
  } else if (finding.regression.empty()) {
    const bool every_time = finding.minimized || recurrence.seen == recurrence.tries;
    json["regression_missing"] =
        every_time ? finding.regression_missing : "the failure does not happen every time";
  }
  return json;
}

// The case as text, its plan as comments; nothing for a module that does not decode.
std::string WatText(ByteSpan bytes) {
  const auto test_case = testcase::ReadTestCase(bytes);
  if (!test_case) return {};
  return testcase::PrintTestCase(*test_case);
}

FileError Failed(const std::string& path, std::string_view what) {
  return {fmt::format("{}: {}", path, what)};
}

}  // namespace

Result<Store, FileError> Store::Open(const std::string& folder) {
  TRY(MakeFolder(folder));
  if (access(folder.c_str(), W_OK | X_OK) != 0) return Fail(Failed(folder, std::strerror(errno)));
  Store store(folder);
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    std::error_code ignored;
    const std::string name = entries->path().filename().string();
    if (name.starts_with('.') || !entries->is_directory(ignored)) continue;
    Bucket& bucket = store.buckets_[name];
    const Json json = ReadJson((entries->path() / "finding.json").string());
    bucket.readable = !json.is_discarded();
    if (!bucket.readable) continue;
    bucket.minimized = json["minimized"].get<bool>();
    bucket.bytes = json["bytes"].get<uint64_t>();
    const auto history = json.find("history");
    if (history != json.end() && history->is_number_unsigned()) {
      bucket.history = history->get<uint64_t>();
    }
    ++store.found_before_;
  }
  if (error) return Fail(Failed(folder, error.message()));
  return store;
}

std::string Store::FolderOf(const diff::Signature& signature) const {
  return folder_ + "/" + SignatureSlug(signature);
}

Result<bool, FileError> Store::Offer(const Finding& finding) {
  const std::string slug = SignatureSlug(finding.signature);
  uint64_t count = 0;
  if (const auto found = buckets_.find(slug); found != buckets_.end()) {
    const Bucket& there = found->second;
    if (!there.readable) return false;
    const uint64_t history = finding.recurrence.history.size();
    const bool smaller =
        history != there.history ? history < there.history : finding.module.size() < there.bytes;
    const bool better = finding.minimized != there.minimized
                            ? finding.minimized
                            : smaller || (there.bytes == 0 && !finding.module.empty());
    if (!better) return false;
    const Json json = ReadJson(folder_ + "/" + slug + "/finding.json");
    if (json.is_discarded()) return false;  // changed under our hands
    count = json["count"].get<uint64_t>();
  }
  TRY(Write(finding, slug, count));
  buckets_[slug] = {true, finding.minimized, finding.recurrence.history.size(),
                    finding.module.size()};
  return true;
}

Result<void, FileError> Store::Write(const Finding& finding, const std::string& slug,
                                     uint64_t count) {
  const std::string target = folder_ + "/" + slug;
  const std::string part = fmt::format("{}/.{}.{}.part", folder_, slug, getpid());
  std::error_code ignored;
  fs::remove_all(part, ignored);
  TRY(MakeFolder(part));
  if (!finding.module.empty()) {
    TRY(WriteFile(part + "/case.wasm", finding.module));
    if (const std::string wat = WatText(finding.module); !wat.empty()) {
      TRY(WriteFile(part + "/case.wat", AsBytes(wat)));
    }
  }
  if (!finding.recurrence.history.empty()) {
    TRY(WriteHistory(part + "/history", finding.recurrence.history));
  }
  if (!finding.input.empty()) TRY(WriteFile(part + "/input.bin", finding.input));
  if (!finding.regression.empty()) {
    TRY(WriteFile(part + "/regression.wast", AsBytes(finding.regression)));
  }
  TRY(WriteFile(part + "/finding.json", AsBytes(JsonText(ToJson(finding, target, count)))));
  // A folder that is there is exchanged in one step, and then removed under the other name.
  if (renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) != 0 &&
      (errno != EEXIST ||
       renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) != 0)) {
    FileError failure = Failed(target, std::strerror(errno));
    fs::remove_all(part, ignored);
    return Fail(std::move(failure));
  }
  fs::remove_all(part, ignored);
  return {};
}

Result<void, FileError> Store::AddCount(const std::string& slug, uint64_t count) {
  const std::string path = folder_ + "/" + slug + "/finding.json";
  Json json = ReadJson(path);
  if (json.is_discarded()) return {};
  json["count"] = json["count"].get<uint64_t>() + count;
  return WriteFile(path, AsBytes(JsonText(json)));
}

Result<void, FileError> Store::Explain(const diff::Signature& signature, const std::string& why,
                                       uint32_t seen, uint32_t tries) {
  const std::string path = FolderOf(signature) + "/finding.json";
  Json json = ReadJson(path);
  if (json.is_discarded() || json["minimized"].get<bool>()) return {};
  json["regression_missing"] = "the case is not minimized: " + why;
  if (seen != tries) json["reproduced"] = Reproduced(seen, tries);
  return WriteFile(path, AsBytes(JsonText(json)));
}

}  // namespace slabhound::campaign
