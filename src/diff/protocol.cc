#include "diff/protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

namespace slabhound::diff {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 6> kEnds = {"returns",  "trap",  "exception",
                                                   "rejected", "limit", "internal-error"};
constexpr std::array<std::string_view, 3> kCollections = {"none", "minor", "full"};
constexpr int kDepthMax = 8;
constexpr size_t kTextBytesMax = 4000;

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

Result<WorkerStep, std::string> ParseStep(const Json& json) {
  if (!json.is_object()) return Fail(std::string("a step is no object"));
  WorkerStep step;
  const std::string end = TextField(json, "end");
  const auto known = std::ranges::find(kEnds, end);
  if (known == kEnds.end()) return Fail(fmt::format("a step ends with '{}'", end.substr(0, 40)));
  step.end = static_cast<WorkerEnd>(known - kEnds.begin());
  step.kind = TextField(json, "kind");
  step.message = TextField(json, "message");
  step.logged = NumberField(json, "logged");
  return step;
}

bool Last(WorkerEnd end) { return end == WorkerEnd::Limit || end == WorkerEnd::InternalError; }

}  // namespace

std::string_view CollectionName(Collection kind) { return kCollections[static_cast<size_t>(kind)]; }

std::string HelloText() { return R"({"op":"hello"})"; }

std::string RequestText(const RunRequest& request) {
  const Json json = {{"op", "run"},
                     {"id", request.id},
                     {"exports", request.exports},
                     {"gc", CollectionName(request.gc)},
                     {"gc_max", request.gc_max},
                     {"log_max", request.log_max}};
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

Result<RunRequest, std::string> ParseRequest(std::string_view text) {
  const auto json = ParseObject(text);
  if (!json) return Fail(std::string("the request is no JSON object"));
  RunRequest request{.id = NumberField(*json, "id"),
                     .gc_max = NumberField(*json, "gc_max"),
                     .log_max = NumberField(*json, "log_max")};
  const auto kind = std::ranges::find(kCollections, TextField(*json, "gc"));
  if (kind == kCollections.end()) return Fail(std::string("the request's gc is of no known kind"));
  request.gc = static_cast<Collection>(kind - kCollections.begin());
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
                    .collections = {}};
  if (hello.engine.empty()) return Fail(std::string("the answer to hello names no engine"));
  const auto capabilities = json.find("capabilities");
  if (capabilities == json.end() || !capabilities->is_object()) return hello;
  const auto kinds = capabilities->find("gc");
  if (kinds == capabilities->end() || !kinds->is_array()) return hello;
  for (const Json& kind : *kinds) {
    if (kind.is_string()) hello.collections.push_back(kind.get<std::string>());
  }
  return hello;
}

Result<WorkerRun, std::string> ParseRun(std::string_view text, const RunRequest& request) {
  TRY_ASSIGN(const Json json, ParseObject(text));
  if (const uint64_t id = NumberField(json, "id"); id != request.id) {
    return Fail(fmt::format("the answer is to request {}, not {}", id, request.id));
  }
  WorkerRun run;
  TRY_ASSIGN(run.instantiate, ParseStep(json.value("instantiate", Json())));
  const auto calls = json.find("calls");
  if (calls != json.end()) {
    if (!calls->is_array() || calls->size() > request.exports.size()) {
      return Fail(std::string("there are more calls than exports asked for"));
    }
    for (const Json& call : *calls) {
      TRY_ASSIGN(WorkerStep step, ParseStep(call));
      if (step.end == WorkerEnd::Rejected) return Fail(std::string("a call ends with 'rejected'"));
      if (!run.calls.empty() && Last(run.calls.back().end)) {
        return Fail(std::string("a call follows one that ends the run"));
      }
      run.calls.push_back(std::move(step));
    }
  }
  const bool started = run.instantiate.end == WorkerEnd::Returns;
  const bool cut = !run.calls.empty() && Last(run.calls.back().end);
  if (started ? !cut && run.calls.size() != request.exports.size() : !run.calls.empty()) {
    return Fail(fmt::format("{} calls for {} exports", run.calls.size(), request.exports.size()));
  }
  if (const auto time = json.find("milliseconds"); time != json.end() && time->is_number()) {
    run.milliseconds = time->get<double>();
  }
  run.memory_bytes = NumberField(json, "memory_bytes");
  return run;
}

Result<void, std::string> ParseLogs(ByteSpan bytes, const RunRequest& request, WorkerRun& run) {
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

}  // namespace slabhound::diff
