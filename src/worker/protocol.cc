#include "worker/protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "worker/answer_reader.h"

namespace slabhound::worker {
namespace {

using Json = nlohmann::json;

constexpr int kDepthMax = 8;

Result<Json, std::string> ParseObject(std::string_view text) {
  // Nothing that nests deeper is looked at: it is left out while reading.
  const auto shallow = [](int depth, Json::parse_event_t, Json&) { return depth <= kDepthMax; };
  Json json = Json::parse(text, shallow, /*allow_exceptions=*/false);
  if (!json.is_object()) return Fail(std::string("the answer is no JSON object"));
  return json;
}

std::string TextField(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_string()) return {};
  return found->get_ref<const std::string&>().substr(0, kTextBytesMax);
}

uint64_t NumberField(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_unsigned() ? found->get<uint64_t>() : 0;
}

// Nearly all names need no escaping.
void AppendQuoted(std::string& text, std::string_view name) {
  const bool plain = std::ranges::all_of(
      name, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
  if (plain) {
    text += '"';
    text += name;
    text += '"';
  } else {
    text += Json(name).dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
  }
}

// No call may follow.
bool EndsRun(const WorkerStep& step) {
  return step.end == WorkerEnd::InternalError ||
         (step.end == WorkerEnd::Limit && step.kind != "allocation" && step.kind != "memory");
}

}  // namespace

std::string HelloText() { return R"({"op":"hello"})"; }

std::string RequestText(const trace::RunRequest& request) {
  std::string text = R"({"exports":[)";
  for (const std::string& name : request.exports) {
    if (&name != request.exports.data()) text += ',';
    AppendQuoted(text, name);
  }
  fmt::format_to(
      std::back_inserter(text), R"(],"gc":"{}","gc_max":{},"id":{},"log_max":{},"op":"run"{}{}}})",
      engine::CollectionName(request.gc), request.gc_max, request.id, request.log_max,
      request.progress ? R"(,"progress":true)" : "", request.valid ? R"(,"valid":true)" : "");
  return text;
}

Result<trace::RunRequest, std::string> ParseRequest(std::string_view text) {
  const auto json = ParseObject(text);
  if (!json) return Fail(std::string("the request is no JSON object"));
  trace::RunRequest request{.id = NumberField(*json, "id"),
                            .gc_max = NumberField(*json, "gc_max"),
                            .log_max = NumberField(*json, "log_max"),
                            .valid = json->value("valid", Json()) == Json(true),
                            .progress = json->value("progress", Json()) == Json(true)};
  const auto kind = engine::FindCollection(TextField(*json, "gc"));
  if (!kind) return Fail(std::string("the request's gc is of no known kind"));
  request.gc = *kind;
  const auto exports = json->find("exports");
  const bool list = exports != json->end() && exports->is_array();
  if (!list || !std::ranges::all_of(*exports, [](const Json& each) { return each.is_string(); })) {
    return Fail(std::string("the request's exports are no list of names"));
  }
  request.exports = exports->get<std::vector<std::string>>();
  return request;
}

Result<WorkerHello, std::string> ParseHello(std::string_view text) {
  TRY_ASSIGN(const Json json, ParseObject(text));
  if (const uint64_t version = NumberField(json, "protocol"); version != kProtocolVersion) {
    return Fail(fmt::format("it speaks protocol {}, not {}", version, kProtocolVersion));
  }
  WorkerHello hello{.engine = TextField(json, "engine"),
                    .version = TextField(json, "version"),
                    .collections = {},
                    .progress = false};
  if (hello.engine.empty()) return Fail(std::string("the answer to hello names no engine"));
  const auto capabilities = json.find("capabilities");
  if (capabilities == json.end() || !capabilities->is_object()) return hello;
  hello.progress = capabilities->value("progress", Json()) == Json(true);
  const auto kinds = capabilities->find("gc");
  if (kinds == capabilities->end() || !kinds->is_array()) return hello;
  for (const Json& kind : *kinds) {
    if (kind.is_string()) hello.collections.push_back(kind.get<std::string>());
  }
  return hello;
}

Result<WorkerRun, std::string> ParseRun(std::string_view text, const trace::RunRequest& request) {
  TRY_ASSIGN(Answer answer, ReadAnswer(text, request.exports.size()));
  if (answer.id != request.id) {
    return Fail(fmt::format("the answer is to request {}, not {}", answer.id, request.id));
  }
  if (!answer.has_instantiate) return Fail(std::string("a step is no object"));
  WorkerRun run = std::move(answer.run);
  bool last = false, may_be_last = false;
  for (const WorkerStep& call : run.calls) {
    if (call.end == WorkerEnd::Rejected) return Fail(std::string("a call ends with 'rejected'"));
    if (last) return Fail(std::string("a call follows one that ends the run"));
    last = EndsRun(call);
    may_be_last = call.end == WorkerEnd::Limit;
  }
  const bool started = run.instantiate.end == WorkerEnd::Returns;
  if (started ? !last && !may_be_last && run.calls.size() != request.exports.size()
              : !run.calls.empty()) {
    return Fail(fmt::format("{} calls for {} exports", run.calls.size(), request.exports.size()));
  }
  return run;
}

std::optional<std::string> ParseProgress(std::string_view text, const trace::RunRequest& request) {
  if (text.size() > kTextBytesMax) return std::nullopt;
  const auto json = ParseObject(text);
  if (!json || NumberField(*json, "id") != request.id || !json->contains("at")) return std::nullopt;
  return TextField(*json, "at");
}

Result<void, std::string> ParseLogs(ByteSpan bytes, const trace::RunRequest& request,
                                    WorkerRun& run) {
  const size_t all = bytes.size();
  const auto take = [&](WorkerStep& step) {
    const uint64_t count = std::min(step.logged, request.log_max);
    if (bytes.size() / sizeof(uint64_t) < count) return false;
    step.log.resize(count);
    for (size_t i = 0; i < count; ++i) {
      step.log[i] = LoadLittle<uint64_t>(bytes.data() + i * sizeof(uint64_t));
    }
    bytes = bytes.subspan(count * sizeof(uint64_t));
    return true;
  };
  if (take(run.instantiate) && std::ranges::all_of(run.calls, take) && bytes.empty()) return {};
  return Fail(fmt::format("{} bytes of logs are not what the steps logged", all));
}

}  // namespace slabhound::worker
