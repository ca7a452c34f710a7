#include "workers/binaryen/interpreter.h"

#include <cstdlib>
#include <map>
#include <memory>
#include <utility>

#include "ir/import-utils.h"
#include "ir/names.h"
#include "parsing.h"
#include "shell-interface.h"
#include "wasm-binary.h"
#include "wasm-builder.h"
#include "wasm-interpreter.h"
#include "wasm-traversal.h"
#include "wasm-validator.h"
#include "wasm.h"

namespace slabhound::workers {
namespace {

constexpr uint32_t kFeatures = wasm::FeatureSet::MutableGlobals | wasm::FeatureSet::TruncSat |
                               wasm::FeatureSet::SignExt | wasm::FeatureSet::BulkMemory |
                               wasm::FeatureSet::BulkMemoryOpt | wasm::FeatureSet::ReferenceTypes |
                               wasm::FeatureSet::Multivalue | wasm::FeatureSet::GC |
                               wasm::FeatureSet::TailCall | wasm::FeatureSet::ExtendedConst |
                               wasm::FeatureSet::ExceptionHandling | wasm::FeatureSet::MultiMemory |
                               wasm::FeatureSet::Memory64;

constexpr const char* kUnreachable = "unreachable";

// Binaryen traps by a C++ exception, which is dear where the stack is deep: those of `unreachable`,
// which budgets that run out end with too, took a fifth of all time. So each `unreachable` becomes
// a call of a function that ends like a suspension of nothing: it passes all frames as a branch
// does, and nothing in a module takes it up.
class UnreachableCalls : public wasm::PostWalker<UnreachableCalls> {
 public:
  static void Make(wasm::Module& module) {
    const wasm::Name name = wasm::Names::getValidFunctionName(module, kUnreachable);
    auto function = wasm::Builder(module).makeFunction(
        name, wasm::Type(wasm::Signature(), wasm::NonNullable, wasm::Inexact), {});
    function->module = "slabhound";
    function->base = kUnreachable;
    module.addFunction(std::move(function));
    UnreachableCalls calls;
    calls.name_ = name;
    for (const auto& each : module.functions) {
      if (!each->imported()) calls.walkFunctionInModule(each.get(), &module);
    }
  }
  void visitUnreachable(wasm::Unreachable*) {
    replaceCurrent(wasm::Builder(*getModule()).makeCall(name_, {}, wasm::Type::unreachable));
  }

 private:
  wasm::Name name_;
};

// The imports, and what Binaryen says when it stops.
class Host : public wasm::ShellExternalInterface {
 public:
  explicit Host(uint64_t log_max) : log_max_(log_max) {}

  wasm::Literal getImportedFunction(wasm::Function* import) override {
    auto& function = functions_[import];
    if (function == nullptr) {
      wasm::FuncData::Call call = [this, import](const wasm::Literals& arguments) {
        return Call(import->base.view(), arguments);
      };
      function = std::make_shared<wasm::FuncData>(import->name, nullptr, std::move(call));
    }
    return wasm::Literal(function, import->type);
  }

  void trap(std::string_view why) override {
    why_ = why;
    throw wasm::TrapException();
  }
  void hostLimit(std::string_view why) override {
    why_ = why;
    throw wasm::HostLimitException();
  }

  // Runs the action as a step.
  template <typename Action>
  InterpreterStep Step(Action action) {
    why_.clear();
    unreachable_ = false;
    step_ = {};
    try {
      action();
      if (unreachable_) {
        step_.end = InterpreterEnd::Trap;
        step_.text = kUnreachable;
      }
    } catch (const wasm::TrapException&) {
      // Tables trap past the interface; they do so for an index out of bounds only.
      step_.end = InterpreterEnd::Trap;
      step_.text = why_.empty() ? "out of bounds table access" : why_;
    } catch (const wasm::HostLimitException&) {
      step_.end = InterpreterEnd::Limit;
      step_.text = why_;
    } catch (const wasm::WasmException&) {
      step_.end = InterpreterEnd::Exception;
    } catch (const wasm::NonconstantException&) {
      step_.end = InterpreterEnd::InternalError;
      step_.text = "code that the interpreter cannot run";
    }
    return std::move(step_);
  }

 private:
  wasm::Flow Call(std::string_view name, const wasm::Literals& arguments) {
    if (name == "log") {
      if (step_.logged++ < log_max_) {
        step_.log.push_back(static_cast<uint64_t>(arguments[0].geti64()));
      }
      return {};
    }
    if (name == "host") {
      return wasm::Literal::makeExtern(arguments[0].geti32(), wasm::Unshared);
    }
    if (name == "host-number") {
      const wasm::Literal& object = arguments[0];
      return wasm::Literal(object.hasExternPayload() ? object.getExternPayload() : int32_t{-1});
    }
    if (name == kUnreachable) {
      unreachable_ = true;
      return wasm::Flow(wasm::SUSPEND_FLOW);
    }
    return {};  // gc
  }

  uint64_t log_max_;
  InterpreterStep step_;
  std::string why_;
  bool unreachable_ = false;  // the step ended so
  std::map<wasm::Function*, std::shared_ptr<wasm::FuncData>> functions_;
};

// No export is called behind it.
bool EndsRun(const InterpreterStep& step) {
  return step.end == InterpreterEnd::InternalError ||
         (step.end == InterpreterEnd::Limit && step.text != "allocation failure");
}

InterpreterStep Rejected(std::string text) {
  return {.end = InterpreterEnd::Rejected, .text = std::move(text), .log = {}, .logged = 0};
}

// What there is to refuse; nothing for a fine module.
std::string Read(ByteSpan bytes, wasm::Module& module, bool valid) {
  module.features = wasm::FeatureSet(kFeatures);
  const std::vector<char> input(bytes.begin(), bytes.end());
  try {
    wasm::WasmBinaryReader(module, module.features, input).read();
  } catch (const wasm::ParseException& error) {
    return error.text;
  }
  constexpr auto kFlags = wasm::WasmValidator::Globally | wasm::WasmValidator::Quiet;
  if (!valid && !wasm::WasmValidator().validate(module, kFlags)) return "it is not valid";
  wasm::ImportInfo imports(module);
  if (imports.getNumImports() != imports.getNumImportedFunctions()) return "unknown import";
  for (const wasm::Function* function : imports.importedFunctions) {
    const std::string_view name = function->base.view();
    if (function->module != "slabhound" ||
        (name != "log" && name != "gc" && name != "host" && name != "host-number")) {
      return "unknown import " + std::string(name);
    }
  }
  return {};
}

}  // namespace

InterpreterRun RunBinaryenInterpreter(ByteSpan bytes, std::span<const std::string> exports,
                                      uint64_t log_max, bool valid,
                                      const std::function<void(std::string_view)>& at) {
  // One thread, as in gen/binaryen.cc; what Binaryen prints must not mix with what its caller
  // writes.
  static const bool once = [] {
    std::cout.rdbuf(std::cerr.rdbuf());
    return setenv("BINARYEN_CORES", "1", 1) == 0;
  }();
  static_cast<void>(once);

  InterpreterRun run;
  wasm::Module module;
  if (std::string problem = Read(bytes, module, valid); !problem.empty()) {
    run.instantiate = Rejected(std::move(problem));
    return run;
  }
  UnreachableCalls::Make(module);
  Host host(log_max);
  const auto instance = std::make_shared<wasm::ModuleRunner>(module, &host);
  if (at) at("instantiate");
  run.instantiate = host.Step([&] { instance->instantiate(); });
  if (run.instantiate.end != InterpreterEnd::Returns) return run;
  for (const std::string& name : exports) {
    if (at) at(name);
    run.calls.push_back(host.Step([&] { instance->callExport(name); }));
    if (EndsRun(run.calls.back())) break;
  }
  return run;
}

}  // namespace slabhound::workers
