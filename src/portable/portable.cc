#include "portable/portable.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "portable/body.h"
#include "portable/host.h"

namespace slabhound::portable {
namespace {

using testcase::TestCase;
using wasm::AbstractHeap;
using wasm::Code;
using wasm::ExternKind;
using wasm::Opcode;
using wasm::ValType;

constexpr size_t kExportsMax = 5'000;  // call-export nests a block for each
constexpr uint32_t kPageShift = 16;

enum class FormKind : uint8_t { Portable, SelfChecking, ForScripts };

class PortableMaker {
 public:
  PortableMaker(const TestCase& test_case, const PortableOptions& options, FormKind kind)
      : kind_(kind),
        form_(test_case, options, kind == FormKind::Portable, kind != FormKind::SelfChecking),
        walk_(form_) {}

  Result<wasm::Module, PortableError> Make(std::span<const uint64_t> expected) {
    const wasm::Module& original = form_.original;
    if (original.exports.size() > kExportsMax) {
      return Fail(PortableError{fmt::format("more than {} exports", kExportsMax)});
    }
    TRY(CloseModule(form_));
    form_.AddGlobals();
    Bodies bodies(form_, walk_);
    DefineImports(form_, walk_, bodies);
    TRY(bodies.RewriteAll());
    MakeBegin();
    for (size_t i = 0; i < original.exports.size(); ++i) {
      exports_.emplace(original.exports[i].name, i);
    }
    std::vector<uint32_t> steps;
    for (const testcase::Call& call : form_.test_case.plan.calls) steps.push_back(MakeCall(call));
    steps.push_back(MakeState());
    MakeStart(bodies.bulk());
    if (kind_ == FormKind::ForScripts) MakeLogged();
    if (kind_ != FormKind::SelfChecking) {
      for (size_t i = 0; i < steps.size(); ++i) {
        Export(i + 1 < steps.size() ? fmt::format("call {}", i) : "state", steps[i]);
      }
    } else {
      const uint32_t run = MakeRun(steps, expected);
      for (const std::string_view name : {"run", "_start", "main"}) {
        Export(std::string(name), run);
      }
    }
    walk_.Finish();
    return form_.Finish();
  }

 private:
  void Export(std::string name, uint32_t function) {
    form_.made.exports.push_back({std::move(name), ExternKind::Func, function, 0});
  }

  // Gives a step its fuel; 0 if there is none left for it.
  void MakeBegin() {
    const Form::Globals& globals = form_.globals;
    Code code;
    for (const uint32_t global : {globals.depth, globals.seen, globals.probing, globals.catching}) {
      code.I32(0).Op(Opcode::GlobalSet, global);
    }
    if (const auto collections = form_.options.gc_per_call) {
      code.I32(static_cast<int32_t>(*collections)).Op(Opcode::GlobalSet, globals.collections);
    }
    code.Op(Opcode::GlobalGet, globals.fuel_total)
        .Op(Opcode::GlobalGet, globals.fuel_given)
        .Op(Opcode::I32Sub)
        .Op(Opcode::GlobalGet, globals.fuel)
        .Op(Opcode::I32Add)
        .Op(Opcode::GlobalSet, globals.fuel_total);
    const auto per_call = static_cast<int32_t>(form_.options.fuel_per_call);
    code.I32(per_call)
        .Op(Opcode::GlobalGet, globals.fuel_total)
        .I32(per_call)
        .Op(Opcode::GlobalGet, globals.fuel_total)
        .Op(Opcode::I32LtU)
        .Op(Opcode::Select)
        .Op(Opcode::GlobalSet, globals.fuel_given)
        .Op(Opcode::GlobalGet, globals.fuel_given)
        .Op(Opcode::GlobalSet, globals.fuel);
    code.Op(Opcode::GlobalGet, globals.fuel_total).Op(Opcode::I32Eqz).If();
    walk_.Log(code, trace::EventWord::NotRun);
    code.I32(0).Op(Opcode::Return).End().I32(1);
    begin_ = form_.Add(form_.FuncType({}, {ValType::I32}), {}, code);
  }

  bool Catches() const { return form_.throws && form_.options.exceptions; }

  uint32_t Thrown() {
    if (!thrown_) {
      Code code;
      walk_.Log(code, trace::EventWord::Throws);
      walk_.Tell(code.Op(Opcode::LocalGet, 0), kExnRef);
      thrown_ = form_.Add(form_.FuncType({kExnRef}, {}), {}, code);
    }
    return *thrown_;
  }

  // What may throw goes between these; what follows BeginCatch's code in the function is reached
  // with the exception on the stack.
  void BeginTry(Code& code) const {
    if (!Catches()) return;
    code.Block(wasm::BlockType(kExnRef));
    code.TryTable({}, {{wasm::CatchKind::CatchAllRef, 0, 0}});
  }
  void EndTry(Code& code) const {
    if (Catches()) code.End();
  }

  // A function of the same parameters that makes the call a step.
  uint32_t Caller(uint32_t function) {
    const auto found = callers_.find(function);
    if (found != callers_.end()) return found->second;
    const wasm::FuncType& signature = form_.SignatureOf(function);
    const auto params = static_cast<uint32_t>(signature.params.size());
    const auto results = static_cast<uint32_t>(signature.results.size());
    Code code;
    code.Op(Opcode::Call, begin_).Op(Opcode::I32Eqz).If().Op(Opcode::Return).End();
    BeginTry(code);
    for (uint32_t i = 0; i < params; ++i) code.Op(Opcode::LocalGet, i);
    code.Op(Opcode::Call, function);
    for (uint32_t i = results; i-- > 0;) {
      code.Op(Opcode::LocalSet, params + i);
    }
    // Locals of no default are set only within this block, so they are read in it.
    walk_.Log(code, trace::EventWord::Returns);
    for (uint32_t i = 0; i < results; ++i) {
      walk_.Tell(code.Op(Opcode::LocalGet, params + i), signature.results[i]);
    }
    code.Op(Opcode::Return);
    EndTry(code);
    if (Catches()) code.Op(Opcode::Unreachable).End().Op(Opcode::Call, Thrown());
    const uint32_t caller =
        form_.Add(form_.FuncType(signature.params, {}), signature.results, code);
    callers_.emplace(function, caller);
    return caller;
  }

  uint32_t MakeCall(const testcase::Call& call) {
    const wasm::TypeIdx type = form_.FuncType({}, {});
    const auto found = exports_.find(call.export_name);
    const wasm::Export* exported =
        found == exports_.end() ? nullptr : &form_.original.exports[found->second];
    Code code;
    if (exported == nullptr || exported->kind != ExternKind::Func) return form_.Add(type, {}, code);
    const wasm::FuncType& signature = form_.SignatureOf(exported->index);
    for (size_t i = 0; i < signature.params.size(); ++i) {
      const ValType param = signature.params[i];
      const auto value =
          testcase::ValueOf(param, i < call.arguments.size() ? call.arguments[i] : 0);
      if (!value) return form_.Add(type, {}, Code());
      form_.Constant(code, param, *value);
    }
    return form_.Add(type, {}, code.Op(Opcode::Call, Caller(exported->index)));
  }

  // Locals of the state: an index as i32 and as i64, a hash and a word.
  static constexpr uint32_t kIndex32 = 0, kIndex64 = 1, kHash = 2, kWord = 3;

  // A loop while the index is less than what `bound` pushes.
  template <typename Bound, typename Body>
  static void Loop(Code& code, bool is_64, int64_t step, Bound bound, Body body) {
    const uint32_t index = is_64 ? kIndex64 : kIndex32;
    const auto constant = [&](int64_t value) {
      if (is_64) {
        code.I64(value);
      } else {
        code.I32(static_cast<int32_t>(value));
      }
    };
    constant(0);
    code.Op(Opcode::LocalSet, index).Block().Loop().Op(Opcode::LocalGet, index);
    bound();
    code.Op(is_64 ? Opcode::I64GeU : Opcode::I32GeU).Op(Opcode::BrIf, 1);
    body(index);
    code.Op(Opcode::LocalGet, index);
    constant(step);
    code.Op(is_64 ? Opcode::I64Add : Opcode::I32Add).Op(Opcode::LocalSet, index);
    code.Op(Opcode::Br, 0).End().End();
  }

  static wasm::StorageType Address(bool is_64) { return is_64 ? ValType::I64 : ValType::I32; }

  void TellTable(Code& code, uint32_t table) {
    const wasm::TableType& type = form_.table_types[table];
    const bool is_64 = type.limits.is_64;
    walk_.AddField(code.Op(Opcode::TableSize, table), Address(is_64));
    Loop(
        code, is_64, 1, [&] { code.Op(Opcode::TableSize, table); },
        [&](uint32_t index) {
          walk_.AddField(code.Op(Opcode::LocalGet, index).Op(Opcode::TableGet, table),
                         type.element);
        });
  }

  void TellMemory(Code& code, uint32_t memory) {
    const bool is_64 = form_.made.memories[memory].type.limits.is_64;
    const auto bytes = [&] {
      code.Op(Opcode::MemorySize, memory);
      if (is_64) {
        code.I64(kPageShift).Op(Opcode::I64Shl);
      } else {
        code.I32(kPageShift).Op(Opcode::I32Shl);
      }
    };
    bytes();
    walk_.AddField(code, Address(is_64));
    code.I64(0).Op(Opcode::LocalSet, kHash);
    Loop(code, is_64, 8, bytes, [&](uint32_t index) {
      code.Op(Opcode::LocalGet, index).Access(Opcode::I64Load, 3, 0, memory);
      code.Op(Opcode::LocalTee, kWord).Op(Opcode::I64Eqz).Op(Opcode::I32Eqz).If();
      code.Op(Opcode::LocalGet, kHash).Op(Opcode::LocalGet, index);
      if (!is_64) code.Op(Opcode::I64ExtendI32U);
      code.Op(Opcode::Call, form_.HashCombine())
          .Op(Opcode::LocalGet, kWord)
          .Op(Opcode::Call, form_.HashCombine())
          .Op(Opcode::LocalSet, kHash)
          .End();
    });
    walk_.AddField(code.Op(Opcode::LocalGet, kHash), ValType::I64);
  }

  uint32_t MakeState() {
    const Form::Globals& globals = form_.globals;
    Code code;
    walk_.Log(code, trace::EventWord::State);
    walk_.Begin(code, trace::kStateObjectsMax);
    code.I32(trace::kStateFieldsMax).Op(Opcode::GlobalSet, globals.fields);
    for (const uint32_t global : {globals.seen, globals.probing}) {
      code.I32(0).Op(Opcode::GlobalSet, global);
    }
    std::set<std::pair<ExternKind, uint32_t>> told;
    for (const wasm::Export& exported : form_.original.exports) {
      if (exported.kind == ExternKind::Func || exported.kind == ExternKind::Tag) continue;
      if (!told.emplace(exported.kind, exported.index).second) continue;
      if (exported.kind == ExternKind::Table) {
        TellTable(code, exported.index);
      } else if (exported.kind == ExternKind::Memory) {
        TellMemory(code, exported.index);
      } else {
        form_.GetGlobal(code, exported.index);
        walk_.AddField(code, form_.global_types[exported.index].type);
      }
    }
    walk_.Run(code, 0);
    return form_.Add(form_.FuncType({}, {}),
                     {ValType::I32, ValType::I64, ValType::I64, ValType::I64}, code);
  }

  void MakeStart(Bulk& bulk) {
    Code code;
    for (uint32_t i = 0; i < form_.late.size(); ++i) {
      if (!form_.late[i]) continue;
      for (const wasm::Instr& instr : form_.late_values[i].code) {
        code.Op(instr.op, instr.a, instr.b, instr.bits);
      }
      code.Op(Opcode::GlobalSet, i);
    }
    bulk.TellInitializer(code);
    if (form_.original.start) {
      code.Op(Opcode::Call, begin_).Op(Opcode::Drop).Block();
      BeginTry(code);
      code.Op(Opcode::Call, *form_.original.start);
      if (Catches()) {
        code.Op(Opcode::Br, 2).End().Op(Opcode::Unreachable).End();
        code.Op(Opcode::Call, Thrown()).Op(Opcode::Unreachable);
      }
      code.End();
    }
    code.I32(1).Op(Opcode::GlobalSet, form_.globals.ready);
    form_.made.start = form_.Add(form_.FuncType({}, {}), {}, code);
  }

  void MakeLogged() {
    const uint32_t hash = form_.globals.hash;
    Code code;
    code.Op(Opcode::GlobalGet, hash).I64(0).Op(Opcode::GlobalSet, hash);
    Export("logged", form_.Add(form_.FuncType({}, {ValType::I64}), {}, code));
  }

  // Once: a second call returns or traps as the first one did.
  uint32_t MakeRun(std::span<const uint32_t> steps, std::span<const uint64_t> expected) {
    const Form::Globals& globals = form_.globals;
    const uint32_t begun = form_.AddGlobal(ValType::I32, Code().I32(0));
    const uint32_t done = form_.AddGlobal(ValType::I32, Code().I32(0));
    Code code;
    code.Op(Opcode::GlobalGet, done).If().Op(Opcode::Return).End();
    code.Op(Opcode::GlobalGet, begun).If().Op(Opcode::Unreachable).End();
    code.I32(1).Op(Opcode::GlobalSet, begun);
    const auto check = [&](uint64_t hash) {
      code.Op(Opcode::GlobalGet, globals.hash)
          .I64(static_cast<int64_t>(hash))
          .Op(Opcode::I64Ne)
          .If()
          .Op(Opcode::Unreachable)
          .End();
    };
    if (!expected.empty()) check(expected[0]);
    for (size_t i = 0; i < steps.size() && i < expected.size(); ++i) {
      code.I64(0).Op(Opcode::GlobalSet, globals.hash).Op(Opcode::Call, steps[i]);
      if (i + 1 < expected.size()) check(expected[i + 1]);
    }
    code.I32(1).Op(Opcode::GlobalSet, done);
    return form_.Add(form_.FuncType({}, {}), {}, code);
  }

  const FormKind kind_;
  Form form_;
  Walk walk_;
  uint32_t begin_ = 0;
  std::optional<uint32_t> thrown_;
  std::map<std::string_view, size_t> exports_;
  std::map<uint32_t, uint32_t> callers_;  // by function
};

}  // namespace

PortableOptions Within(const trace::RunLimits& limits, PortableOptions options) {
  options.fuel_per_call = static_cast<uint32_t>(limits.fuel_per_call);
  options.fuel_total = static_cast<uint32_t>(limits.fuel_total);
  options.call_depth_max = limits.machine.call_depth_max;
  options.object_bytes_max = limits.machine.object_bytes_max;
  options.memory_pages_max = limits.machine.memory_pages_max;
  options.table_elements_max = limits.machine.table_elements_max;
  return options;
}

Result<wasm::Module, PortableError> MakePortable(const TestCase& test_case,
                                                 const PortableOptions& options) {
  return PortableMaker(test_case, options, FormKind::Portable).Make({});
}

Result<wasm::Module, PortableError> MakeSelfChecking(const TestCase& test_case,
                                                     const PortableOptions& options,
                                                     std::span<const uint64_t> expected) {
  PortableOptions own = options;
  own.host_objects = false;
  return PortableMaker(test_case, own, FormKind::SelfChecking).Make(expected);
}

Result<wasm::Module, PortableError> MakeForScripts(const TestCase& test_case,
                                                   const PortableOptions& options) {
  PortableOptions own = options;
  own.host_objects = false;
  return PortableMaker(test_case, own, FormKind::ForScripts).Make({});
}

}  // namespace slabhound::portable
