#include "campaign/finding_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "campaign/finding_format.h"
#include "campaign/report.h"
#include "cause/json.h"
#include "diff/compare.h"
#include "regression/reproduce.h"
#include "testcase/testcase.h"

namespace slabhound::campaign {
namespace {

constexpr size_t kJsonBytesMax = 1u << 20;
constexpr std::string_view kTimes = " --times 10";

std::string TextOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

uint64_t NumberOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_unsigned() ? found->get<uint64_t>() : 0;
}

std::vector<std::string> TextsOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  std::vector<std::string> texts;
  if (found == json.end() || !found->is_array()) return texts;
  for (const Json& each : *found) {
    if (each.is_string()) texts.push_back(each.get<std::string>());
  }
  return texts;
}

// A folder tells its engines and history by itself.
std::string ReproText(const Finding& finding, const std::string& folder) {
  if (finding.module.empty()) return {};
  const trace::Recurrence& recurrence = finding.recurrence;
  std::string command = regression::ReproCommand(folder, {});
  if (recurrence.seen != recurrence.tries) command += kTimes;
  return command;
}

// Of a format without fields: the verdict tells whether the engine failed by itself.
diff::Signature SignatureLike(const Record& record) {
  diff::Signature signature;
  if (record.verdict == "diverge") return signature;
  signature.kind = diff::FindingKind::Failure;
  signature.failure = record.verdict == "hang"    ? trace::FailureKind::Timeout
                      : record.verdict == "crash" ? trace::FailureKind::Crash
                                                  : trace::FailureKind::Panic;
  signature.message = record.signature_text;
  return signature;
}

}  // namespace

std::string SlugOf(const diff::Signature& signature, uint32_t variant) {
  const std::string slug = diff::SignatureSlug(signature);
  return variant == 1 ? slug : fmt::format("{}-{}", slug, variant);
}

std::string Reproduced(uint32_t seen, uint32_t tries) {
  return fmt::format("{} of {}", seen, tries);
}

std::string JsonText(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool Record::happens_alone() const {
  const size_t seen = reproduced.find(" of ");
  return history == 0 &&
         (seen == std::string::npos || reproduced.substr(0, seen) == reproduced.substr(seen + 4));
}

bool ReproduceIn(const std::string& folder, Json& json) {
  const std::string old = TextOf(json, "reproduce");
  std::string command = regression::ReproCommand(folder, {});
  if (old.ends_with(kTimes)) command += kTimes;
  if (old.empty() || old == command) return false;
  json["reproduce"] = std::move(command);
  return true;
}

Json ToJson(const Finding& finding, const std::string& folder, uint64_t count) {
  Json json = {
      {"format", kFindingFormat},
      {"kind", finding.kind},
      {"signature", diff::SignatureText(finding.signature)},
      {"signature_fields", WriteSignature(finding.signature)},
      {"variant", finding.variant},
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
      {"slipped", finding.slipped},
      {"stderr", finding.errors},
      {"reproduce", ReproText(finding, folder)},
  };
  if (finding.steady) json["steady"] = true;
  if (!finding.without.empty()) json["without"] = finding.without;
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
  } else if (!finding.regression_fails_on.empty()) {
    json["regression_fails_on"] = finding.regression_fails_on;
  }
  if (finding.cause) json["cause"] = cause::WriteKey(*finding.cause);
  if (finding.minimized) json["ingredients"] = finding.ingredients;
  if (!finding.explained_by.empty()) json["explained_by"] = finding.explained_by;
  return json;
}

Json ReadJson(const std::string& folder) {
  const auto content = ReadFile(folder + "/finding.json", kJsonBytesMax);
  if (!content) return Json(Json::value_t::discarded);
  Json json = Json::parse(content->begin(), content->end(), nullptr, false);
  const bool good = json.is_object() && FormatOf(json) <= kFindingFormat &&
                    json.contains("bytes") && json["bytes"].is_number_unsigned() &&
                    json.contains("minimized") && json["minimized"].is_boolean() &&
                    json.contains("count") && json["count"].is_number_unsigned();
  return good ? json : Json(Json::value_t::discarded);
}

std::optional<Record> ReadRecord(const std::string& folder, const std::string& slug) {
  const Json json = ReadJson(folder);
  if (json.is_discarded()) return std::nullopt;
  Record record;
  record.kind = json.contains("kind") ? TextOf(json, "kind") : "finding";
  record.verdict = TextOf(json, "verdict");
  record.suspect = TextOf(json, "suspect");
  record.signature_text = TextOf(json, "signature");
  record.engines = TextsOf(json, "engines");
  record.without = TextsOf(json, "without");
  record.ingredients = TextsOf(json, "ingredients");
  record.minimized = json["minimized"].get<bool>();
  record.steady = json.value("steady", Json()) == true;
  record.script = !json.contains("regression_missing");
  record.seed = NumberOf(json, "seed");
  record.number = NumberOf(json, "case");
  record.count = NumberOf(json, "count");
  record.bytes = NumberOf(json, "bytes");
  record.module_bytes =
      json.contains("module_bytes") ? NumberOf(json, "module_bytes") : record.bytes;
  record.original_bytes = NumberOf(json, "original_bytes");
  record.history = NumberOf(json, "history");
  record.reproduced = TextOf(json, "reproduced");
  record.releases = TextOf(json, "releases");
  record.binaryen_version = TextOf(json, "binaryen");
  record.explanation = TextOf(json, "explanation");
  record.explained_by = TextOf(json, "explained_by");
  const uint64_t variant = json.contains("variant") ? NumberOf(json, "variant") : 1;
  record.variant = static_cast<uint32_t>(std::min<uint64_t>(variant, UINT32_MAX));
  const auto fields = json.find("signature_fields");
  const auto signature = fields == json.end() ? std::nullopt : ReadSignature(*fields);
  record.has_fields = signature && SlugOf(*signature, record.variant) == slug;
  record.signature = record.has_fields ? *signature : SignatureLike(record);
  if (const auto cause = json.find("cause"); cause != json.end() && record.minimized) {
    if (auto key = cause::ReadKey(*cause)) record.cause = *std::move(key);
  }
  return record;
}

}  // namespace slabhound::campaign
