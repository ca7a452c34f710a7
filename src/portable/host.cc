#include "portable/host.h"

#include <algorithm>
#include <array>

namespace slabhound::portable {
namespace {

using wasm::AbstractHeap;
using wasm::Code;
using wasm::ExternKind;
using wasm::Opcode;
using wasm::ValType;

class ImportMaker {
 public:
  ImportMaker(Form& form, Walk& walk, Bodies& bodies) : form_(form), walk_(walk), bodies_(bodies) {}

  void Define(uint32_t function) {
    Code code;
    if (!form_.used[function]) {
      form_.Define(function, {}, code.Op(Opcode::Unreachable));
      return;
    }
    depth_ = static_cast<uint32_t>(form_.SignatureOf(function).params.size());
    const testcase::Meaning meaning = form_.MeaningOf(function);
    if (meaning == testcase::Meaning::Gc) {
      bodies_.AnswerNumber(code, function);
    } else {
      bodies_.Enter(code, function, depth_);
    }
    // Results of catching: 1 behind a block that an exception leaves, 0 within it.
    const bool catches =
        meaning == testcase::Meaning::CallExportCatch || meaning == testcase::Meaning::CallRefCatch;
    const bool has_block = catches && form_.options.exceptions;
    answers_ = catches && !has_block;
    if (has_block) code.Block().TryTable({}, {{wasm::CatchKind::CatchAll, 0, 0}});
    Body(code, function, meaning);
    if (catches) code.I32(0);
    if (has_block) code.Op(Opcode::Return).End().End().I32(1);
    form_.Define(function, {ValType::I32}, code);
  }

 private:
  void Body(Code& code, uint32_t function, testcase::Meaning meaning) {
    switch (meaning) {
      case testcase::Meaning::Throw:
        code.Op(Opcode::LocalGet, 0).Op(Opcode::I32Eqz).If();
        ThrowError(code);
        code.End().Op(Opcode::LocalGet, 0);
        return bodies_.Throw(code, form_.number_tag);
      case testcase::Meaning::TableGet:
        if (!BeginTable(code, /*set=*/false)) return ThrowError(code);
        code.Op(Opcode::TableGet, *table_);
        return;
      case testcase::Meaning::TableSet:
        if (!BeginTable(code, /*set=*/true)) return ThrowError(code);
        code.Op(Opcode::LocalGet, 1).Op(Opcode::TableSet, *table_);
        return;
      case testcase::Meaning::CallExport:
      case testcase::Meaning::CallExportCatch:
        return CallExport(code);
      case testcase::Meaning::CallRef:
      case testcase::Meaning::CallRefCatch:
        return CallRef(code);
      case testcase::Meaning::Sleep:
        code.Op(Opcode::LocalGet, 1);
        return;
      case testcase::Meaning::Gc:
        if (form_.has_gc) code.Op(Opcode::Call, form_.Import(HostImport::Gc));
        return;
      case testcase::Meaning::Log:
        return Log(code, function);
    }
  }

  void ThrowError(Code& code) {
    if (answers_) {
      code.I32(1).Op(Opcode::Return);
      return;
    }
    form_.Constant(code, kExternRef, {testcase::PlainKind::Host, testcase::kErrorObject});
    bodies_.Throw(code, form_.error_tag);
  }

  // Before instantiation has ended there are no exports.
  void RequireReady(Code& code) {
    code.Op(Opcode::GlobalGet, form_.globals.ready).Op(Opcode::I32Eqz).If();
    ThrowError(code);
    code.End();
  }

  // Leaves the index on the stack; false if the table is none that can be had.
  bool BeginTable(Code& code, bool set) {
    const wasm::Export* exported = form_.original.FindExport("table");
    if (exported == nullptr || exported->kind != ExternKind::Table) return false;
    table_ = exported->index;
    const wasm::TableType& type = form_.table_types[*table_];
    const bool fits =
        set ? type.element == kFuncRef : form_.Top(type.element) == AbstractHeap::Func;
    if (!fits) return false;
    RequireReady(code);
    const bool is_64 = type.limits.is_64;
    const auto index = [&] {
      code.Op(Opcode::LocalGet, 0);
      if (is_64) code.Op(Opcode::I64ExtendI32U);
    };
    index();
    code.Op(Opcode::TableSize, *table_).Op(is_64 ? Opcode::I64GeU : Opcode::I32GeU).If();
    ThrowError(code);
    code.End();
    index();
    return true;
  }

  // Adds to the calls under way whose exceptions are caught, where nothing can be.
  void Catching(Code& code, int32_t difference) const {
    if (!answers_) return;
    const uint32_t catching = form_.globals.catching;
    code.Op(Opcode::GlobalGet, catching)
        .I32(difference)
        .Op(Opcode::I32Add)
        .Op(Opcode::GlobalSet, catching);
  }

  // Before the function's arguments, and behind the call.
  void Begin(Code& code) {
    bodies_.SetDepth(code, depth_);
    Catching(code, 1);
  }
  void Finish(Code& code, const wasm::FuncType& signature) {
    for (size_t i = 0; i < signature.results.size(); ++i) code.Op(Opcode::Drop);
    Catching(code, -1);
  }

  bool IsCalled(uint32_t function) const {
    const auto id = form_.type_ids[form_.function_types[function]];
    return testcase::IsCalledByHost(form_.types,
                                    std::get<wasm::FuncType>(form_.types[id].composite));
  }

  // One block for each export, the table of branches innermost.
  void CallExport(Code& code) {
    RequireReady(code);
    const std::vector<wasm::Export>& exports = form_.original.exports;
    // An export that is not called shares the error's block, the outermost.
    std::vector<uint32_t> targets(exports.size()), called;
    for (uint32_t i = 0; i < exports.size(); ++i) {
      if (exports[i].kind == ExternKind::Func && IsCalled(exports[i].index)) called.push_back(i);
    }
    std::ranges::fill(targets, static_cast<uint32_t>(called.size()));
    for (uint32_t i = 0; i < called.size(); ++i) targets[called[i]] = i;
    code.Block();  // the end
    code.Block();  // the error
    for (size_t i = 0; i < called.size(); ++i) code.Block();
    code.Op(Opcode::LocalGet, 0).BrTable(targets, static_cast<uint32_t>(called.size()));
    for (uint32_t i = 0; i < called.size(); ++i) {
      code.End();
      const uint32_t function = exports[called[i]].index;
      const wasm::FuncType& signature = form_.SignatureOf(function);
      Begin(code);
      Walk::Defaults(code, signature);
      code.Op(Opcode::Call, function);
      Finish(code, signature);
      code.Op(Opcode::Br, static_cast<uint32_t>(called.size() - i));
    }
    code.End();
    ThrowError(code);
    code.End();
  }

  void CallRef(Code& code) {
    code.Block();
    for (const wasm::TypeIdx type : walk_.ReferencedTypes()) {
      const auto id = form_.type_ids[type];
      const auto& signature = std::get<wasm::FuncType>(form_.original.types[type].composite);
      const wasm::HeapType heap = wasm::HeapType::Index(type);
      code.Op(Opcode::LocalGet, 0).Heap(Opcode::RefTest, heap).If();
      if (testcase::IsCalledByHost(form_.types,
                                   std::get<wasm::FuncType>(form_.types[id].composite))) {
        Begin(code);
        Walk::Defaults(code, signature);
        code.Op(Opcode::LocalGet, 0).Heap(Opcode::RefCast, heap).Op(Opcode::CallRef, type);
        Finish(code, signature);
        code.Op(Opcode::Br, 1);
      } else {
        ThrowError(code);
      }
      code.End();
    }
    ThrowError(code);
    code.End();
  }

  void Log(Code& code, uint32_t function) {
    const wasm::FuncType& signature = form_.SignatureOf(function);
    walk_.Log(code, trace::EventWord::Import);
    walk_.Log(code, uint64_t{form_.function_imports[function]});
    for (uint32_t i = 0; i < signature.params.size(); ++i) {
      code.Op(Opcode::LocalGet, i);
      walk_.Tell(code, signature.params[i]);
    }
    if (!std::ranges::all_of(signature.results, &ValType::is_defaultable)) {
      walk_.Log(code, trace::EventWord::HostTrap);
      code.Op(Opcode::Unreachable);
      return;
    }
    for (const ValType result : signature.results) Form::Default(code, result);
  }

  Form& form_;
  Walk& walk_;
  Bodies& bodies_;
  uint32_t depth_ = 0;
  bool answers_ = false;  // it catches where nothing can be caught: its own errors are its answer
  std::optional<uint32_t> table_;
};

}  // namespace

void DefineImports(Form& form, Walk& walk, Bodies& bodies) {
  ImportMaker maker(form, walk, bodies);
  for (uint32_t i = 0; i < form.imported_functions(); ++i) maker.Define(i);
}

}  // namespace slabhound::portable
