#include "episode/case_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/check.h"
#include "episode/merge.h"
#include "text/wat.h"

namespace slabhound::episode {
namespace {

using machine::Value;
using wasm::AbstractHeap;
using wasm::Code;
using wasm::ExternKind;
using wasm::Opcode;
using wasm::ValType;

constexpr std::string_view kSpectest = R"wat(
(global (export "global_i32") i32 (i32.const 666))
(global (export "global_i64") i64 (i64.const 666))
(global (export "global_f32") f32 (f32.const 666.6))
(global (export "global_f64") f64 (f64.const 666.6))
(table (export "table") 10 20 funcref)
(table (export "table64") i64 10 20 funcref)
(memory (export "memory") 1 2)
(func (export "print"))
(func (export "print_i32") (param i32))
(func (export "print_i64") (param i64))
(func (export "print_f32") (param f32))
(func (export "print_f64") (param f64))
(func (export "print_i32_f32") (param i32 f32))
(func (export "print_f64_f64") (param f64 f64))
)wat";

const wasm::Module& SpectestModule() {
  static const wasm::Module module = [] {
    auto read = text::ReadModule(kSpectest);
    CHECK(read.has_value());
    return *std::move(read);
  }();
  return module;
}

constexpr uint64_t kHostsMax = 256;  // numbers of host objects that a plan can tell

class CaseMaker {
 public:
  CaseMaker(std::span<const InstanceUse> instances, Episodes& made)
      : instances_(instances), made_(made) {}

  void Make(std::span<const Use> uses) {
    for (const Use& use : uses) {
      line_ = use.line;
      if (use.action == nullptr) {
        AddInstance(use.instance);
      } else {
        AddAction(use);
      }
    }
    if (episode_.steps.empty()) return;
    episode_.test_case.module = merge_.Finish();
    made_.episodes.push_back(std::move(episode_));
  }

 private:
  void FailHere(std::string message) { made_.failed.push_back({line_, std::move(message)}); }

  void AddInstance(size_t number) {
    const InstanceUse& use = instances_[number];
    std::vector<Item> imports;
    for (size_t i = 0; i < use.imports.size(); ++i) {
      const auto item = Import(use.imports[i], use.module->imports[i].name);
      if (!item || item->kind != use.module->imports[i].kind()) {
        return FailHere(fmt::format("expected an instance, came unknown import: {}.{}",
                                    use.module->imports[i].module, use.module->imports[i].name));
      }
      imports.push_back(*item);
    }
    Merge::Instance instance = merge_.Add(*use.module, imports);
    Step step{.line = use.line, .what = "the instance", .assertion = use.assertion, .call = {}};
    if (instance.instantiate) step.call = AddCall(*instance.instantiate, {});
    episode_.steps.push_back(std::move(step));
    added_.emplace(number, std::move(instance));
  }

  std::optional<Item> Import(size_t exporter, const std::string& name) {
    if (exporter == kSpectestInstance) {
      const auto found = spectest_.find(name);
      if (found != spectest_.end()) return found->second;
      if (SpectestModule().FindExport(name) == nullptr) return std::nullopt;
      return spectest_.emplace(name, merge_.AddExport(SpectestModule(), name)).first->second;
    }
    return Find(exporter, name);
  }

  std::optional<Item> Find(size_t instance, const std::string& name) const {
    const auto added = added_.find(instance);
    if (added == added_.end()) return std::nullopt;
    const auto found = added->second.exports.find(name);
    if (found == added->second.exports.end()) return std::nullopt;
    return found->second;
  }

  // A call of the function, which is exported under a name of ours.
  size_t AddCall(uint32_t function, std::vector<uint64_t> arguments) {
    const auto [found, is_new] =
        names_.emplace(function, fmt::format("function {}", names_.size()));
    if (is_new) merge_.Export(found->second, function);
    episode_.test_case.plan.calls.push_back({found->second, std::move(arguments)});
    return episode_.test_case.plan.calls.size() - 1;
  }

  void AddAction(const Use& use) {
    const script::Action& action = *use.action;
    const auto item = Find(use.instance, action.field);
    const ExternKind wanted = action.is_call ? ExternKind::Func : ExternKind::Global;
    if (!item || item->kind != wanted) {
      return FailHere(fmt::format("there is no exported {} {}",
                                  action.is_call ? "function" : "global",
                                  text::Quoted(action.field)));
    }
    if (action.is_call && !Match(action.arguments, merge_.SignatureOf(item->index).params)) {
      return FailHere(ActionText(action) + ": the arguments do not match its parameters");
    }
    std::vector<uint64_t> numbers;
    Shape shape{item->kind, item->index, {}};
    for (const Value& argument : action.arguments) {
      const bool is_host = argument.ref.kind == machine::RefKind::Host;
      if (is_host && argument.ref.payload >= kHostsMax) {
        made_.not_run.push_back({line_, "a host object of a number that no plan tells"});
        return;
      }
      if (argument.type.is_vector() && argument.bits != argument.high) {
        made_.not_run.push_back({line_, "a v128 of two halves, which no plan tells"});
        return;
      }
      std::get<2>(shape).emplace_back(argument.type, is_host);
      if (!argument.type.is_ref()) {
        numbers.push_back(argument.bits);
      } else if (is_host) {
        numbers.push_back(argument.ref.payload);
      }
    }
    const auto found = wrappers_.find(shape);
    const uint32_t wrapper = found != wrappers_.end() ? found->second : MakeWrapper(shape);
    Step step{.line = use.line,
              .what = ActionText(action),
              .assertion = use.assertion,
              .call = AddCall(wrapper, std::move(numbers))};
    for (const ValType result : ResultsOf(*item)) step.results.push_back(TopOf(result));
    episode_.steps.push_back(std::move(step));
  }

  bool Match(const std::vector<Value>& arguments, const std::vector<ValType>& params) const {
    return std::ranges::equal(arguments, params, [this](const Value& value, ValType param) {
      if (!value.type.is_ref() || !param.is_ref()) return value.type == param;
      if (TopOf(value.type) != TopOf(param)) return false;
      if (value.ref.kind == machine::RefKind::Null) return param.nullable();
      return param.heap().Is(AbstractHeap::Extern) || param.heap().Is(AbstractHeap::Any);
    });
  }

  // What an action does, but for the numbers of its arguments: what it calls or reads, and for each
  // argument its type and whether it is a host object.
  using Shape = std::tuple<ExternKind, uint32_t, std::vector<std::pair<ValType, bool>>>;

  std::vector<ValType> ResultsOf(const Item& item) const {
    if (item.kind == ExternKind::Func) return merge_.SignatureOf(item.index).results;
    return {merge_.module().globals[item.index].type.type};
  }

  uint32_t MakeWrapper(const Shape& shape) {
    const auto& [kind, index, arguments] = shape;
    Code code;
    wasm::FuncType type;
    for (const auto& [argument, is_host] : arguments) {
      if (argument.is_ref() && !is_host) {
        code.Heap(Opcode::RefNull, argument.heap());
        continue;
      }
      code.Op(Opcode::LocalGet, static_cast<uint32_t>(type.params.size()));
      // Not nullable, so that 0 is a host object too.
      type.params.push_back(is_host ? ValType::Ref(AbstractHeap::Extern, false) : argument);
      if (is_host && !argument.heap().Is(AbstractHeap::Extern)) code.Op(Opcode::AnyConvertExtern);
    }
    code.Op(kind == ExternKind::Func ? Opcode::Call : Opcode::GlobalGet, index);
    type.results = ResultsOf({kind, index});
    std::vector<ValType> locals;
    TellKinds(code, type, locals);
    const uint32_t made = merge_.AddFunction(std::move(type), std::move(locals), code);
    wrappers_.emplace(shape, made);
    return made;
  }

  // The same number, or the top of the reference's hierarchy.
  ValType TopOf(ValType type) const {
    if (!type.is_ref()) return type;
    const auto top = [](AbstractHeap heap) { return ValType::Ref(heap, true); };
    const wasm::HeapType heap = type.heap();
    if (heap.is_index()) {
      const auto& composite = merge_.module().types[heap.index()].composite;
      return top(std::holds_alternative<wasm::FuncType>(composite) ? AbstractHeap::Func
                                                                   : AbstractHeap::Any);
    }
    switch (heap.abstract()) {
      case AbstractHeap::Func:
      case AbstractHeap::NoFunc:
        return top(AbstractHeap::Func);
      case AbstractHeap::Extern:
      case AbstractHeap::NoExtern:
        return top(AbstractHeap::Extern);
      case AbstractHeap::Exn:
      case AbstractHeap::NoExn:
        return top(AbstractHeap::Exn);
      default:
        return top(AbstractHeap::Any);
    }
  }

  // Behind the results, for each reference of the hierarchy of any: 1 a structure, 2 an array.
  void TellKinds(Code& code, wasm::FuncType& type, std::vector<ValType>& locals) const {
    const auto first = static_cast<uint32_t>(type.params.size());
    locals = type.results;
    for (size_t i = locals.size(); i-- > 0;) {
      code.Op(Opcode::LocalSet, first + static_cast<uint32_t>(i));
    }
    for (uint32_t i = 0; i < locals.size(); ++i) code.Op(Opcode::LocalGet, first + i);
    for (uint32_t i = 0; i < locals.size(); ++i) {
      if (TopOf(locals[i]) != ValType::Ref(AbstractHeap::Any, true)) continue;
      code.Op(Opcode::LocalGet, first + i).Heap(Opcode::RefTest, AbstractHeap::Struct);
      code.Op(Opcode::LocalGet, first + i).Heap(Opcode::RefTest, AbstractHeap::Array);
      code.I32(1).Op(Opcode::I32Shl).Op(Opcode::I32Or);
      type.results.push_back(ValType::I32);
    }
  }

  std::span<const InstanceUse> instances_;
  Episodes& made_;
  Merge merge_;
  Episode episode_;
  std::map<size_t, Merge::Instance> added_;
  std::map<std::string, Item> spectest_;
  std::map<Shape, uint32_t> wrappers_;
  std::map<uint32_t, std::string> names_;  // of exported functions
  uint32_t line_ = 0;
};

}  // namespace

std::string ActionText(const script::Action& action) {
  return fmt::format("{} {}", action.is_call ? "invoke" : "get", text::Quoted(action.field));
}

void MakeCase(std::span<const InstanceUse> instances, std::span<const Use> uses, Episodes& made) {
  CaseMaker(instances, made).Make(uses);
}

}  // namespace slabhound::episode
