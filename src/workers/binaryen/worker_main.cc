// A worker on Binaryen's own interpreter, speaking the protocol of worker/protocol.h on stdin and
// stdout. It is built with slabhound and found beside it, as `slabhound-binaryen`.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "gen/binaryen.h"
#include "worker/side.h"
#include "workers/binaryen/interpreter.h"

namespace slabhound::workers {
namespace {

using worker::side::Json;

// The order of InterpreterEnd.
constexpr std::array<const char*, 6> kEnds = {"returns",  "trap",  "exception",
                                              "rejected", "limit", "internal-error"};

const char* LimitKind(std::string_view text) {
  const auto has = [text](const char* word) { return text.find(word) != text.npos; };
  return has("stack") || has("recursion") ? "stack" : has("memory") ? "memory" : "allocation";
}

// The step, whose log goes behind the others.
Json Step(const InterpreterStep& step, std::vector<uint64_t>& logs) {
  Json json = {{"end", kEnds[static_cast<size_t>(step.end)]}, {"logged", step.logged}};
  if (!step.text.empty()) json["message"] = step.text;
  if (step.end == InterpreterEnd::Limit) json["kind"] = LimitKind(step.text);
  logs.insert(logs.end(), step.log.begin(), step.log.end());
  return json;
}

void Run(const Json& request, const std::vector<uint8_t>& module) {
  const auto start = std::chrono::steady_clock::now();
  const auto exports = request.at("exports").get<std::vector<std::string>>();
  const InterpreterRun run = RunBinaryenInterpreter(
      module, exports, request.at("log_max"), request.value("valid", false),
      [&request](std::string_view place) { worker::side::WriteProgress(request, place); });
  std::vector<uint64_t> logs;
  Json answer = {{"id", request.at("id")}, {"instantiate", Step(run.instantiate, logs)}};
  Json& calls = answer["calls"] = Json::array();
  for (const InterpreterStep& call : run.calls) calls.push_back(Step(call, logs));
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  answer["milliseconds"] = took.count();
  answer["memory_bytes"] = worker::side::MemoryBytes();
  worker::side::WriteAnswer(answer, logs);
}

// The interpreter recurses at each nesting of the code. The stack grows up to the limit of the
// moment; the kernel keeps at least 128 MiB free for it.
void RaiseStackLimit() {
  constexpr rlim_t kStackBytes = 100u << 20;
  rlimit limit{};
  if (getrlimit(RLIMIT_STACK, &limit) != 0) return;
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, kStackBytes));
  setrlimit(RLIMIT_STACK, &limit);
}

}  // namespace
}  // namespace slabhound::workers

int main(int argc, char** argv) {
  if (argc > 1) {
    std::fprintf(stderr, "worker: %s: no such option\n", argv[1]);
    return 2;
  }
  slabhound::workers::RaiseStackLimit();
  namespace worker = slabhound::worker::side;
  while (true) {
    const worker::Json request = worker::ReadRequest();
    if (request.value("op", "") == "hello") {
      worker::WriteHello("binaryen", slabhound::gen::BinaryenVersion(), worker::Json::array());
    } else {
      slabhound::workers::Run(request, worker::ReadFrame());
    }
  }
}
