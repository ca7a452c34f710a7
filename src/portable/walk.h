// The walk of trace/digest.h as functions of a portable form, made as they are needed.
//
// 1. Seen objects stand in a table in the order of their numbers, exceptions in another at the
//    same places; both are empty between walks.
// 2. The types of objects are those that the module allocates: it is closed.
#pragma once

#include <optional>

#include "portable/form.h"
#include "trace/log.h"

namespace slabhound::portable {

class Walk {
 public:
  explicit Walk(Form& form) : form_(form) {}

  // Code that logs a word.
  void Log(wasm::Code& code, uint64_t word);
  void Log(wasm::Code& code, trace::EventWord word) { Log(code, static_cast<uint64_t>(word)); }
  void Log(wasm::Code& code, trace::Word word) { Log(code, static_cast<uint64_t>(word)); }
  // Code that logs the i64 on top of the stack.
  void LogTop(wasm::Code& code);

  // Code that takes a value off the stack and tells it: as a result or argument with all that it
  // reaches, or as a field. Types are the module's own.
  void Tell(wasm::Code& code, wasm::ValType type);
  void AddField(wasm::Code& code, wasm::StorageType type);

  // Code that makes ready for a walk of so many objects, and code that walks from object `first`.
  void Begin(wasm::Code& code, uint32_t objects_max);
  void Run(wasm::Code& code, uint32_t first);

  // Code that returns from the function when no field may be told any more.
  void TakeField(wasm::Code& code);

  // Tells an exception whose fields are on the stack, as the first object of a walk, for forms that
  // have none. Its words up to the fields, then the rest.
  void BeginException(wasm::Code& code, uint32_t tag);

  // The list of arguments with which a function is called for its number or by the host.
  static void Defaults(wasm::Code& code, const wasm::FuncType& type);

  // Functions that some reference may name: one index of each canonical type, deepest first.
  std::vector<wasm::TypeIdx> ReferencedTypes() const;

  // Defines the functions that are declared but not yet defined. Nothing can be told after.
  void Finish();

 private:
  enum Part : size_t {
    kLog,
    kAddNumber,
    kAddVector,
    kTellVector,
    kAddAny,
    kAddExtern,
    kAddFunc,
    kAddExn,
    kTellAny,
    kTellExtern,
    kTellFunc,
    kTellExn,
    kAddObject,
    kAddNode,
    kWalk,
    kWalkObject,
    kWalkException,
    kTakeField,
    kFunctionNumber,
    kPartCount
  };
  uint32_t Id(Part part);
  void Make(Part part);
  wasm::Code CodeOf(Part part, std::vector<wasm::ValType>& locals);

  wasm::Code Tell(Part add, wasm::AbstractHeap top);
  wasm::Code Halves(bool in_walk);
  wasm::Code AddAny();
  wasm::Code AddObject();
  wasm::Code AddNode(bool is_exception);
  wasm::Code WalkAll();
  wasm::Code WalkObject();
  wasm::Code WalkException();
  wasm::Code FunctionNumber();
  uint32_t WalkStruct(wasm::TypeIdx type);
  uint32_t WalkArray(wasm::TypeIdx type);
  uint32_t WalkTag(uint32_t tag);
  void Header(wasm::Code& code, trace::NodeKind kind, uint64_t type);
  std::vector<wasm::TypeIdx> AllocatedTypes() const;
  std::vector<wasm::TypeIdx> DeepestFirst(const std::vector<bool>& wanted) const;
  uint32_t SeenTable();
  uint32_t ExceptionTable();

  Form& form_;
  std::optional<uint32_t> ids_[kPartCount];
  std::vector<Part> unmade_;
  std::optional<uint32_t> seen_table_, exception_table_;
};

}  // namespace slabhound::portable
