// wabt's half of observation.h; only this file knows wabt's headers.
#include <fmt/format.h>

#include <array>
#include <bit>
#include <string_view>

#include "base/check.h"
#include "fuzz/observation.h"
#include "trace/host.h"
#include "wabt/binary-reader.h"
#include "wabt/error-formatter.h"
#include "wabt/interp/binary-reader-interp.h"
#include "wabt/interp/interp.h"

namespace slabhound::fuzz {
namespace {

namespace wi = wabt::interp;
using machine::TrapKind;
using wasm::ExternKind;
using wasm::TypeKind;
using wasm::ValType;

// How wabt's messages begin.
struct Message {
  std::string_view start;
  TrapKind kind;
};
constexpr std::array kMessages = {
    Message{"unreachable executed", TrapKind::Unreachable},
    Message{"integer divide by zero", TrapKind::IntegerDivideByZero},
    Message{"integer overflow", TrapKind::IntegerOverflow},
    Message{"invalid conversion to integer", TrapKind::InvalidConversion},
    Message{"out of bounds memory access", TrapKind::MemoryOutOfBounds},
    Message{"out of bounds table access", TrapKind::TableOutOfBounds},
    Message{"undefined table index", TrapKind::UndefinedElement},
    Message{"uninitialized table element", TrapKind::UninitializedElement},
    Message{"indirect call signature mismatch", TrapKind::IndirectCallTypeMismatch},
};

class Observer {
 public:
  Observer(const diff::Prepared& prepared, size_t steps) : prepared_(prepared), steps_max_(steps) {}

  std::optional<Observation> Run(ByteSpan bytes, std::string& refusal) {
    wabt::Errors errors;
    wi::ModuleDesc desc;
    const wabt::ReadBinaryOptions options(features_, nullptr, false, true, true);
    if (wabt::Failed(
            wi::ReadBinaryInterp("module", bytes.data(), bytes.size(), options, &errors, &desc))) {
      refusal = wabt::FormatErrorsToString(errors, wabt::Location::Type::Binary);
      return std::nullopt;
    }
    const auto module = wi::Module::New(store_, std::move(desc));
    wi::Trap::Ptr trap;
    observation_.steps.emplace_back();
    instance_ = wi::Instance::Instantiate(store_, module.ref(), Imports(*module), &trap);
    if (!instance_) {
      Trapped(*trap);
    } else {
      Tell("instantiated");
      for (const testcase::Call& call : prepared_.plan.calls) {
        if (observation_.exhausted || observation_.steps.size() == steps_max_) break;
        Call(call);
      }
    }
    if (instance_ && !observation_.exhausted && observation_.steps.size() < steps_max_) State();
    return std::move(observation_);
  }

 private:
  static wabt::Features ReferenceFeatures() {
    wabt::Features features;  // all that the module may use is on by default
    features.disable_simd();
    return features;
  }

  void Tell(std::string word) { observation_.steps.back().push_back(std::move(word)); }

  void Trapped(const wi::Trap& trap) {
    const std::string message = trap.message();
    if (message == "call stack exhausted") {
      observation_.exhausted = true;
      observation_.steps.pop_back();
      return;
    }
    for (const Message& known : kMessages) {
      if (message.starts_with(known.start)) return Tell(OutcomeWord(known.kind));
    }
    Tell("wabt: " + message);
  }

  std::string ValueWord(ValType type, const wi::Value& value) {
    switch (type.kind()) {
      case TypeKind::I32:
        return NumberWord(type, value.Get<wi::u32>());
      case TypeKind::I64:
        return NumberWord(type, value.Get<wi::u64>());
      case TypeKind::F32:
        return NumberWord(type, std::bit_cast<uint32_t>(value.Get<float>()));
      case TypeKind::F64:
        return NumberWord(type, std::bit_cast<uint64_t>(value.Get<double>()));
      default:
        break;
    }
    const wi::Ref ref = value.Get<wi::Ref>();
    if (ref == wi::Ref::Null) return RefWord(type, std::nullopt);
    if (store_.Is<wi::Foreign>(ref)) {
      const auto number = std::bit_cast<uintptr_t>(store_.UnsafeGet<wi::Foreign>(ref)->ptr());
      return RefWord(type, static_cast<uint32_t>(number));
    }
    for (size_t i = 0; i < instance_->funcs().size(); ++i) {
      if (instance_->funcs()[i] == ref) return RefWord(type, static_cast<uint32_t>(i));
    }
    return "wabt: a reference to nothing known";
  }

  wi::Value MakeValue(ValType type, uint64_t bits) {
    switch (type.kind()) {
      case TypeKind::I32:
        return wi::Value::Make(static_cast<uint32_t>(bits));
      case TypeKind::I64:
        return wi::Value::Make(bits);
      case TypeKind::F32:
        return wi::Value::Make(std::bit_cast<float>(static_cast<uint32_t>(bits)));
      case TypeKind::F64:
        return wi::Value::Make(std::bit_cast<double>(bits));
      default:
        return wi::Value::Make(wi::Ref::Null);
    }
  }

  // The host's objects stay alive: the store is never collected by force, and these are roots.
  wi::Value MakeArgument(ValType type, uint64_t number) {
    const auto value = trace::Host::ValueOf(type, number);
    CHECK(value.has_value());
    if (!type.is_ref() || value->ref.kind == machine::RefKind::Null) {
      return MakeValue(type, value->bits);
    }
    CHECK(value->ref.kind == machine::RefKind::Host);
    wi::Foreign::Ptr& object = host_objects_[value->ref.payload];
    if (!object) {
      object = wi::Foreign::New(store_, std::bit_cast<void*>(uintptr_t{value->ref.payload}));
    }
    return wi::Value::Make(object.ref());
  }

  const wasm::FuncType& Signature(size_t function) const {
    const wasm::TypeId type = prepared_.module.functions[function];
    return std::get<wasm::FuncType>((*prepared_.types)[type].composite);
  }

  wi::RefVec Imports(const wi::Module& module) {
    wi::RefVec refs;
    size_t functions = 0, globals = 0;
    const auto& imports = prepared_.module.module->imports;
    for (size_t i = 0; i < imports.size(); ++i) {
      const wasm::Import& import = imports[i];
      const wi::ExternType& wanted = *module.import_types()[i].type;
      if (import.kind() == ExternKind::Func) {
        const wasm::FuncType& signature = Signature(functions++);
        const auto host = [this, &import, &signature](wi::Thread&, const wi::Values& arguments,
                                                      wi::Values& results, wi::Trap::Ptr*) {
          std::vector<std::string> words;
          for (size_t k = 0; k < arguments.size(); ++k) {
            words.push_back(ValueWord(signature.params[k], arguments[k]));
          }
          Tell(CallWord(import, words));
          for (size_t k = 0; k < signature.results.size(); ++k) {
            results[k] = MakeValue(signature.results[k], 0);
          }
          return wabt::Result::Ok;
        };
        roots_.push_back(wi::HostFunc::New(store_, static_cast<const wi::FuncType&>(wanted), host));
      } else {
        const ValType type = prepared_.module.globals[globals++].type;
        roots_.push_back(wi::Global::New(store_, static_cast<const wi::GlobalType&>(wanted),
                                         MakeValue(type, 0)));
      }
      refs.push_back(roots_.back().ref());
    }
    return refs;
  }

  void Call(const testcase::Call& call) {
    observation_.steps.emplace_back();
    const wasm::Export* exported = prepared_.module.module->FindExport(call.export_name);
    CHECK(exported != nullptr && exported->kind == ExternKind::Func);
    const wasm::FuncType& signature = Signature(exported->index);
    wi::Values arguments, results;
    for (size_t i = 0; i < signature.params.size(); ++i) {
      arguments.push_back(MakeArgument(signature.params[i], call.arguments[i]));
    }
    wi::Trap::Ptr trap;
    const auto function = store_.UnsafeGet<wi::Func>(instance_->funcs()[exported->index]);
    if (wabt::Failed(function->Call(store_, arguments, results, &trap))) return Trapped(*trap);
    std::vector<std::string> words;
    for (size_t i = 0; i < results.size(); ++i) {
      words.push_back(ValueWord(signature.results[i], results[i]));
    }
    Tell(OutcomeWord(words));
  }

  void State() {
    observation_.steps.emplace_back();
    for (size_t i = 0; i < instance_->globals().size(); ++i) {
      const auto global = store_.UnsafeGet<wi::Global>(instance_->globals()[i]);
      Tell(GlobalWord(i, ValueWord(prepared_.module.globals[i].type, global->Get())));
    }
    for (size_t i = 0; i < instance_->memories().size(); ++i) {
      const auto memory = store_.UnsafeGet<wi::Memory>(instance_->memories()[i]);
      Tell(MemoryWord(i, {memory->UnsafeData(), memory->ByteSize()}));
    }
  }

  const diff::Prepared& prepared_;
  const size_t steps_max_;
  const wabt::Features features_ = ReferenceFeatures();
  wi::Store store_{features_};
  std::vector<wi::RefPtr<wi::Extern>> roots_;
  std::array<wi::Foreign::Ptr, 256> host_objects_;
  wi::Instance::Ptr instance_;
  Observation observation_;
};

}  // namespace

std::optional<Observation> ObserveWabt(ByteSpan module, const diff::Prepared& prepared,
                                       size_t steps, std::string& refusal) {
  return Observer(prepared, steps).Run(module, refusal);
}

}  // namespace slabhound::fuzz
