// A worker on Wasmtime's C API, speaking the protocol of src/worker/protocol.h on stdin and stdout.
// scripts/engines.sh compiles it once for each release, with SLABHOUND_WASMTIME_MAJOR, against the
// headers of that release: the sizes of its structures differ, and so do a few calls.
//
// Options: --opt=none|speed  --regalloc=single_pass|backtracking  --pooling  --heap=BYTES
//          --fuel=N  --engine-per-module
#include <wasm.h>
#include <wasmtime.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/side.h"

namespace {

namespace worker = slabhound::worker::side;
using worker::Json;

struct Options {
  bool speed = false, single_pass = true, pooling = false;
  bool engine_per_module = SLABHOUND_WASMTIME_MAJOR < 43;
  uint64_t fuel = 0;
  int64_t heap_bytes_max = 64 << 20;
};

// What the imports of the running module work on.
struct Run {
  std::vector<uint64_t> logs;  // of all steps, the first log_max of each
  uint64_t logged = 0, log_max = 0;
  uint64_t collections = 0, collections_max = 0;
};
Run g_run;  // a callback of the linker has no other way to the run

// Takes the text out of a C API message and frees it.
std::string TakeText(wasm_byte_vec_t& text) {
  std::string taken(text.data, text.size);
  wasm_byte_vec_delete(&text);
  while (!taken.empty() && taken.back() == '\0') taken.pop_back();
  return taken;
}
std::string TakeText(wasmtime_error_t* error) {
  wasm_byte_vec_t text;
  wasmtime_error_message(error, &text);
  wasmtime_error_delete(error);
  return TakeText(text);
}
std::string TakeText(wasm_trap_t* trap) {
  wasm_byte_vec_t text;
  wasm_trap_message(trap, &text);
  wasm_trap_delete(trap);
  return TakeText(text);
}

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// How a step ended, in the protocol's words. Messages carry back traces with offsets in front of
// the cause: only the cause is passed on.
Json Ending(std::string text, const char* otherwise) {
  std::string_view cause = text;
  if (const size_t at = cause.rfind("wasm trap: "); at != std::string_view::npos) {
    cause.remove_prefix(at + 11);
  } else if (const size_t after = cause.rfind("Caused by:\n"); after != std::string_view::npos) {
    cause.remove_prefix(after + 11);
  }
  const size_t first = cause.find_first_not_of(' ');
  cause = cause.substr(first == std::string_view::npos ? 0 : first);
  const std::string message(cause.substr(0, cause.find('\n')));
  const char* limit = Has(cause, "call stack exhausted")                      ? "stack"
                      : Has(cause, "all fuel consumed")                       ? "fuel"
                      : Has(cause, "allocation size too large")               ? "allocation"
                      : Has(cause, "greater than the max supported")          ? "allocation"
                      : Has(cause, "out of memory")                           ? "memory"
                      : Has(cause, "maximum concurrent") && g_run.logged == 0 ? "memory"
                                                                              : nullptr;
  if (limit != nullptr) return {{"end", "limit"}, {"kind", limit}, {"message", message}};
  if (Has(cause, "BUG")) {
    return {{"end", "internal-error"}, {"message", std::string(cause.substr(0, 2000))}};
  }
  if (Has(text, "thrown Wasm exception")) return {{"end", "exception"}, {"message", ""}};
  return {{"end", otherwise}, {"message", message}};
}

wasm_trap_t* Log(void*, wasmtime_caller_t*, const wasmtime_val_t* arguments, size_t,
                 wasmtime_val_t*, size_t) {
  if (g_run.logged++ < g_run.log_max) {
    g_run.logs.push_back(static_cast<uint64_t>(arguments[0].of.i64));
  }
  return nullptr;
}

wasm_trap_t* Collect(void*, wasmtime_caller_t* caller, const wasmtime_val_t*, size_t,
                     wasmtime_val_t*, size_t) {
  if (g_run.collections++ >= g_run.collections_max) return nullptr;
  wasmtime_context_t* context = wasmtime_caller_context(caller);
#if SLABHOUND_WASMTIME_MAJOR < 43
  wasmtime_context_gc(context);
#else
  if (wasmtime_error_t* error = wasmtime_context_gc(context); error != nullptr) {
    const std::string text = "BUG: collection failed: " + TakeText(error);
    return wasmtime_trap_new(text.data(), text.size());
  }
#endif
  return nullptr;
}

// Host objects carry their number, never a null pointer.
constexpr uint64_t kHostMark = 1ull << 32;

wasm_trap_t* MakeHost(void*, wasmtime_caller_t* caller, const wasmtime_val_t* arguments, size_t,
                      wasmtime_val_t* results, size_t) {
  const uint64_t data = kHostMark | static_cast<uint32_t>(arguments[0].of.i32);
  results[0].kind = WASMTIME_EXTERNREF;
  if (!wasmtime_externref_new(wasmtime_caller_context(caller), reinterpret_cast<void*>(data),
                              nullptr, &results[0].of.externref)) {
    constexpr std::string_view kText = "out of memory for a host object";
    return wasmtime_trap_new(kText.data(), kText.size());
  }
  return nullptr;
}

wasm_trap_t* HostNumber(void*, wasmtime_caller_t* caller, const wasmtime_val_t* arguments, size_t,
                        wasmtime_val_t* results, size_t) {
  results[0].kind = WASMTIME_I32;
  results[0].of.i32 = -1;
  const wasmtime_externref_t& reference = arguments[0].of.externref;
  if (!wasmtime_externref_is_null(&reference)) {
    const auto data = reinterpret_cast<uint64_t>(
        wasmtime_externref_data(wasmtime_caller_context(caller), &reference));
    if ((data >> 32) == 1) results[0].of.i32 = static_cast<int32_t>(data);
  }
  return nullptr;
}

void Define(wasmtime_linker_t* linker, std::string_view name, std::vector<wasm_valtype_t*> params,
            std::vector<wasm_valtype_t*> results, wasmtime_func_callback_t callback) {
  wasm_valtype_vec_t parameter_types, result_types;
  wasm_valtype_vec_new(&parameter_types, params.size(), params.data());
  wasm_valtype_vec_new(&result_types, results.size(), results.data());
  wasm_functype_t* type = wasm_functype_new(&parameter_types, &result_types);
  constexpr std::string_view kModule = "slabhound";
  wasmtime_error_t* error =
      wasmtime_linker_define_func(linker, kModule.data(), kModule.size(), name.data(), name.size(),
                                  type, callback, nullptr, nullptr);
  wasm_functype_delete(type);
  if (error != nullptr) {
    std::fprintf(stderr, "worker: %s\n", TakeText(error).c_str());
    std::exit(1);
  }
}

// An engine with the imports of every module.
struct Engine {
  explicit Engine(const Options& options) {
    wasm_config_t* config = wasm_config_new();
    wasmtime_config_wasm_function_references_set(config, true);
    wasmtime_config_wasm_gc_set(config, true);
    wasmtime_config_wasm_tail_call_set(config, true);
    wasmtime_config_wasm_multi_memory_set(config, true);
    wasmtime_config_wasm_memory64_set(config, true);
#if SLABHOUND_WASMTIME_MAJOR >= 39
    wasmtime_config_wasm_exceptions_set(config, true);
#endif
    wasmtime_config_cranelift_nan_canonicalization_set(config, true);
    wasmtime_config_parallel_compilation_set(config, false);
    wasmtime_config_cranelift_opt_level_set(
        config, options.speed ? WASMTIME_OPT_LEVEL_SPEED : WASMTIME_OPT_LEVEL_NONE);
    if (options.single_pass) {
      wasmtime_config_cranelift_flag_set(config, "regalloc_algorithm", "single_pass");
    }
    wasmtime_config_consume_fuel_set(config, options.fuel != 0);
#if SLABHOUND_WASMTIME_MAJOR >= 37
    if (options.pooling) {
      wasmtime_pooling_allocation_config_t* pooling = wasmtime_pooling_allocation_config_new();
      wasmtime_pooling_allocation_config_total_gc_heaps_set(pooling, 4);
      // The portable form has tables and a memory of its own beside the module's.
      wasmtime_pooling_allocation_config_total_tables_set(pooling, 64);
      wasmtime_pooling_allocation_config_max_tables_per_module_set(pooling, 64);
      wasmtime_pooling_allocation_config_table_elements_set(pooling, 1 << 20);
      wasmtime_pooling_allocation_config_total_memories_set(pooling, 8);
      wasmtime_pooling_allocation_config_max_memories_per_module_set(pooling, 8);
      wasmtime_pooling_allocation_strategy_set(config, pooling);
      wasmtime_pooling_allocation_config_delete(pooling);
    }
#endif
    engine = wasm_engine_new_with_config(config);
    linker = wasmtime_linker_new(engine);
    Define(linker, "log", {wasm_valtype_new(WASM_I64)}, {}, Log);
    Define(linker, "gc", {}, {}, Collect);
    Define(linker, "host", {wasm_valtype_new(WASM_I32)}, {wasm_valtype_new(WASM_EXTERNREF)},
           MakeHost);
    Define(linker, "host-number", {wasm_valtype_new(WASM_EXTERNREF)}, {wasm_valtype_new(WASM_I32)},
           HostNumber);
  }
  ~Engine() {
    wasmtime_linker_delete(linker);
    wasm_engine_delete(engine);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  wasm_engine_t* engine;
  wasmtime_linker_t* linker;
};

// The step that ends here, with what it logged.
Json TakeStep(Json ending) {
  ending["logged"] = std::exchange(g_run.logged, 0);
  return ending;
}

Json Ending(wasmtime_context_t* context, wasmtime_error_t* error, wasm_trap_t* trap,
            const char* otherwise) {
  if (error != nullptr) return Ending(TakeText(error), otherwise);
  if (trap == nullptr) return {{"end", "returns"}};
  std::string text = TakeText(trap);
#if SLABHOUND_WASMTIME_MAJOR >= 45
  if (wasmtime_context_has_exception(context)) {
    wasmtime_exnref_t exception;
    if (wasmtime_context_take_exception(context, &exception)) wasmtime_exnref_unroot(&exception);
    return {{"end", "exception"}, {"message", ""}};
  }
#else
  static_cast<void>(context);
#endif
  return Ending(std::move(text), "trap");
}

// No export is called behind it.
bool EndsRun(const Json& step) {
  return step["end"] == "internal-error" ||
         (step["end"] == "limit" && step["kind"] != "allocation" && step["kind"] != "memory");
}

struct Store {
  Store(const Engine& engine, int64_t heap_bytes_max)
      : store(wasmtime_store_new(engine.engine, nullptr, nullptr)),
        context(wasmtime_store_context(store)) {
    wasmtime_store_limiter(store, heap_bytes_max, -1, -1, -1, -1);
  }
  ~Store() { wasmtime_store_delete(store); }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  void Refuel(uint64_t fuel) {
    if (fuel == 0) return;
    if (wasmtime_error_t* error = wasmtime_context_set_fuel(context, fuel)) TakeText(error);
  }

  wasmtime_store_t* store;
  wasmtime_context_t* context;
};

void RunSteps(const Engine& engine, const Options& options, wasmtime_module_t* module,
              const Json& request, Json& answer) {
  Store store(engine, options.heap_bytes_max);
  wasmtime_context_t* context = store.context;
  const auto refuel = [&] { store.Refuel(options.fuel); };
  const auto at = [&request](std::string_view place) { worker::WriteProgress(request, place); };
  at("instantiate");
  refuel();
  wasmtime_instance_t instance;
  wasm_trap_t* trap = nullptr;
  wasmtime_error_t* error =
      wasmtime_linker_instantiate(engine.linker, context, module, &instance, &trap);
  answer["instantiate"] = TakeStep(Ending(context, error, trap, "rejected"));
  if (answer["instantiate"]["end"] == "returns") {
    for (const Json& name : request.at("exports")) {
      const std::string& text = name.get_ref<const std::string&>();
      wasmtime_extern_t item;
      if (!wasmtime_instance_export_get(context, &instance, text.data(), text.size(), &item) ||
          item.kind != WASMTIME_EXTERN_FUNC) {
        answer["calls"].push_back(
            TakeStep({{"end", "internal-error"}, {"message", "no function " + text}}));
        break;
      }
      at(text);
      refuel();
      trap = nullptr;
      error = wasmtime_func_call(context, &item.of.func, nullptr, 0, nullptr, 0, &trap);
      Json step = TakeStep(Ending(context, error, trap, "internal-error"));
      const bool last = EndsRun(step);
      answer["calls"].push_back(std::move(step));
      if (last) break;
    }
  }
}

// A store for a census, in which failures are of no matter: what comes of a call is forgotten.
class Census {
 public:
  Census(const Engine& engine, const Options& options)
      : engine_(engine),
        fuel_(options.fuel),
        store_(engine, std::min(options.heap_bytes_max, kHeapBytesMax)) {}

  bool Instantiate(wasmtime_module_t* module) {
    wasm_trap_t* trap = nullptr;
    store_.Refuel(fuel_);
    return !Failed(
        wasmtime_linker_instantiate(engine_.linker, store_.context, module, &instance_, &trap),
        trap);
  }
  void Call(std::string_view name) {
    wasmtime_extern_t item;
    if (!wasmtime_instance_export_get(store_.context, &instance_, name.data(), name.size(), &item))
      return;
    wasm_trap_t* trap = nullptr;
    store_.Refuel(fuel_);
    Failed(wasmtime_func_call(store_.context, &item.of.func, nullptr, 0, nullptr, 0, &trap), trap);
  }
  void Collect() {
#if SLABHOUND_WASMTIME_MAJOR < 43
    wasmtime_context_gc(store_.context);
#else
    if (wasmtime_error_t* error = wasmtime_context_gc(store_.context)) TakeText(error);
#endif
  }
  // A number that an instance exports as a global.
  int32_t Number(std::string_view name) {
    wasmtime_extern_t item;
    wasmtime_val_t value;
    if (!wasmtime_instance_export_get(store_.context, &instance_, name.data(), name.size(), &item))
      return 0;
    wasmtime_global_get(store_.context, &item.of.global, &value);
    return value.of.i32;
  }

 private:
  static constexpr int64_t kHeapBytesMax = 4 << 20;

  bool Failed(wasmtime_error_t* error, wasm_trap_t* trap) {
    if (error == nullptr && trap == nullptr) return false;
    Ending(store_.context, error, trap, "");
    return true;
  }

  const Engine& engine_;
  uint64_t fuel_;
  Store store_;
  wasmtime_instance_t instance_{};
};

// Fills what is left of the heap with a list, and counts its cells. The C API has no other way to
// ask how much a heap holds.
constexpr std::string_view kFill = R"((module
  (type $cell (struct (field (ref null $cell))))
  (global $list (mut (ref null $cell)) (ref.null $cell))
  (global $count (export "count") (mut i32) (i32.const 0))
  (func (export "fill")
    (loop $more
      (global.set $list (struct.new $cell (global.get $list)))
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (br $more)))))";

wasmtime_module_t* FillModule(const Engine& engine) {
  wasm_byte_vec_t bytes;
  wasmtime_module_t* module = nullptr;
  wasmtime_error_t* error = wasmtime_wat2wasm(kFill.data(), kFill.size(), &bytes);
  if (error == nullptr) {
    error = wasmtime_module_new(engine.engine, reinterpret_cast<const uint8_t*>(bytes.data),
                                bytes.size, &module);
    wasm_byte_vec_delete(&bytes);
  }
  if (error == nullptr) return module;
  std::fprintf(stderr, "worker: %s\n", TakeText(error).c_str());
  std::exit(1);
}

// What the heap holds behind so many rounds of the exports, each time in a store of its own, in
// cells that there is no more room for.
Json TakeCensus(const Engine& engine, const Options& options, wasmtime_module_t* module,
                const Json& request) {
  constexpr int32_t kCellsMax = 1 << 20;
  wasmtime_module_t* fill = FillModule(engine);
  Json held = Json::array();
  for (const uint64_t rounds : request.at("census")) {
    Census census(engine, options);
    if (!census.Instantiate(module)) break;
    for (uint64_t round = 0; round < rounds; ++round) {
      for (const Json& name : request.at("exports"))
        census.Call(name.get_ref<const std::string&>());
    }
    // What the first lets go of may hold more.
    for (int i = 0; i < 3; ++i) census.Collect();
    if (!census.Instantiate(fill)) break;
    census.Call("fill");
    held.push_back(kCellsMax - census.Number("count"));
  }
  wasmtime_module_delete(fill);
  return held;
}

Json RunModule(std::unique_ptr<Engine>& engine, const Options& options, const Json& request,
               const std::vector<uint8_t>& bytes) {
  const auto start = std::chrono::steady_clock::now();
  if (engine == nullptr || options.engine_per_module) {
    engine.reset();
    engine = std::make_unique<Engine>(options);
  }
  g_run = Run();
  g_run.log_max = request.at("log_max");
  g_run.collections_max = request.at("gc") == "none" ? 0 : request.at("gc_max").get<uint64_t>();
  Json answer = {{"id", request.at("id")}, {"calls", Json::array()}};
  wasmtime_module_t* module = nullptr;
  if (wasmtime_error_t* error =
          wasmtime_module_new(engine->engine, bytes.data(), bytes.size(), &module)) {
    Json ending = Ending(TakeText(error), "rejected");
    ending["end"] = "rejected";
    answer["instantiate"] = TakeStep(std::move(ending));
  } else {
    RunSteps(*engine, options, module, request, answer);
    if (request.contains("census") && answer["calls"].size() == request.at("exports").size()) {
      g_run.log_max = 0;
      answer["held"] = TakeCensus(*engine, options, module, request);
    }
    wasmtime_module_delete(module);
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  answer["milliseconds"] = took.count();
  answer["memory_bytes"] = worker::MemoryBytes();
  return answer;
}

// Whether the argument is "NAME=", and then its value.
bool Takes(std::string_view argument, std::string_view name, std::string& value) {
  if (!argument.starts_with(name)) return false;
  value = argument.substr(name.size());
  return true;
}

Options ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    std::string value;
    if (Takes(argument, "--opt=", value)) {
      options.speed = value == "speed";
    } else if (Takes(argument, "--regalloc=", value)) {
      options.single_pass = value == "single_pass";
    } else if (Takes(argument, "--heap=", value)) {
      options.heap_bytes_max = std::strtoll(value.c_str(), nullptr, 10);
    } else if (Takes(argument, "--fuel=", value)) {
      options.fuel = std::strtoull(value.c_str(), nullptr, 10);
    } else if (argument == "--pooling") {
      options.pooling = true;
    } else if (argument == "--engine-per-module") {
      options.engine_per_module = true;
    } else {
      std::fprintf(stderr, "worker: %s: no such option\n", argv[i]);
      std::exit(2);
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = ParseOptions(argc, argv);
  std::unique_ptr<Engine> engine;
  while (true) {
    const Json request = worker::ReadRequest();
    if (request.value("op", "") == "hello") {
      worker::WriteHello("wasmtime", SLABHOUND_WASMTIME_VERSION, {"full"}, "cells");
    } else {
      const Json answer = RunModule(engine, options, request, worker::ReadFrame());
      worker::WriteAnswer(answer, g_run.logs);
    }
  }
}
