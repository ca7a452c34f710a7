// A worker on Binaryen's own interpreter, speaking the protocol of diff/protocol.h on stdin and
// stdout. It is built with slabhound and found beside it, as `slabhound-binaryen`.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "diff/worker_side.h"
#include "gen/binaryen.h"
#include "gen/binaryen_interpreter.h"

namespace slabhound::cli {
namespace {

using diff::worker_side::Json;

// The order of gen::InterpreterEnd.
constexpr std::array<const char*, 6> kEnds = {"returns",  "trap",  "exception",
                                              "rejected", "limit", "internal-error"};

Json Step(const gen::InterpreterStep& step) {
  Json json = {{"end", kEnds[static_cast<size_t>(step.end)]}};
  if (!step.text.empty()) json["message"] = step.text;
  if (step.end == gen::InterpreterEnd::Limit) {
    const bool stack = step.text.find("stack") != std::string::npos ||
                       step.text.find("recursion") != std::string::npos;
    json["kind"] = stack                                           ? "stack"
                   : step.text.find("memory") != std::string::npos ? "memory"
                                                                   : "allocation";
  }
  return diff::worker_side::WithLog(std::move(json), step.log, step.logged);
}

Json Run(const Json& request, const std::vector<uint8_t>& module) {
  const auto start = std::chrono::steady_clock::now();
  const auto exports = request.at("exports").get<std::vector<std::string>>();
  const gen::InterpreterRun run =
      gen::RunBinaryenInterpreter(module, exports, request.at("log_max"));
  Json calls = Json::array();
  for (const gen::InterpreterStep& call : run.calls) calls.push_back(Step(call));
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  return {{"id", request.at("id")},
          {"instantiate", Step(run.instantiate)},
          {"calls", std::move(calls)},
          {"milliseconds", took.count()},
          {"memory_bytes", diff::worker_side::MemoryBytes()}};
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
}  // namespace slabhound::cli

int main(int argc, char** argv) {
  if (argc > 1) {
    std::fprintf(stderr, "worker: %s: no such option\n", argv[1]);
    return 2;
  }
  slabhound::cli::RaiseStackLimit();
  namespace worker = slabhound::diff::worker_side;
  while (true) {
    const worker::Json request = worker::ReadRequest();
    if (request.value("op", "") == "hello") {
      worker::WriteFrame({{"protocol", 1},
                          {"engine", "binaryen"},
                          {"version", slabhound::gen::BinaryenVersion()},
                          {"capabilities", {{"gc", worker::Json::array()}}}});
      continue;
    }
    worker::WriteFrame(slabhound::cli::Run(request, worker::ReadFrame()));
  }
}
