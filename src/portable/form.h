// A portable form under construction (portable.h): the test case's module, closed, and the
// functions that are added to it.
//
// 1. Functions have ids until Finish: those of the original index space keep their indices, added
//    ones count on behind them, and imports have ids of their own. All other index spaces keep
//    the original's indices, additions last.
// 2. An original global whose value needs a host object is set by the start function: it is
//    nullable and null before.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "portable/portable.h"
#include "testcase/collections.h"
#include "testcase/meaning.h"
#include "wasm/builder.h"
#include "wasm/type_store.h"

namespace slabhound::portable {

// Shorthands that all parts of the pass use.
inline constexpr wasm::ValType kAnyRef = wasm::ValType::Ref(wasm::AbstractHeap::Any, true);
inline constexpr wasm::ValType kEqRef = wasm::ValType::Ref(wasm::AbstractHeap::Eq, true);
inline constexpr wasm::ValType kFuncRef = wasm::ValType::Ref(wasm::AbstractHeap::Func, true);
inline constexpr wasm::ValType kExternRef = wasm::ValType::Ref(wasm::AbstractHeap::Extern, true);
inline constexpr wasm::ValType kExnRef = wasm::ValType::Ref(wasm::AbstractHeap::Exn, true);

enum class HostImport : uint8_t { Log, Gc, Host, HostNumber };
inline constexpr size_t kHostImportCount = 4;

class Form {
 public:
  // What the added code keeps: i32 globals, the last two i64.
  struct Globals {
    uint32_t fuel, fuel_total, fuel_given, depth, ready, probing, probed, seen, seen_max, fields;
    uint32_t catching;  // calls under way whose exceptions cannot be caught though they should
    uint32_t bulk, hash;
    uint32_t collections;  // that the step has left; with gc_per_call only
  };

  // What a form without `log` logs goes into a hash.
  Form(const testcase::TestCase& test_case, const PortableOptions& options, bool has_log,
       bool has_gc);

  // The meaning of an imported function, and whether anything refers to it.
  testcase::Meaning MeaningOf(uint32_t function) const { return meanings[function]; }
  uint32_t imported_functions() const { return static_cast<uint32_t>(meanings.size()); }

  // Of an original function's canonical type, and of any signature: an index of `made`.
  const wasm::FuncType& SignatureOf(uint32_t function) const;
  wasm::TypeIdx FuncType(std::vector<wasm::ValType> params, std::vector<wasm::ValType> results);

  // Whether it is asked for its number (portable.h, 6) and says it.
  bool TellsItsNumber(uint32_t function) const;

  // The id of what is called for it: with gc_per_call, of `gc` a function that counts.
  uint32_t Import(HostImport which);
  uint32_t Declare(wasm::TypeIdx type);
  void Define(uint32_t id, std::vector<wasm::ValType> locals, const wasm::Code& code);
  void DefineBody(uint32_t id, std::vector<wasm::ValType> locals, wasm::Body body);
  uint32_t Add(wasm::TypeIdx type, std::vector<wasm::ValType> locals, const wasm::Code& code);
  uint32_t AddGlobal(wasm::ValType type, const wasm::Code& init);
  // After the module is closed: new globals are the last ones.
  void AddGlobals();
  uint32_t HashCombine();  // a function (i64, i64) -> i64: base/hash.h

  bool IsLate(uint32_t global) const { return !late.empty() && late[global]; }
  // Reads and writes of original globals as bodies have them.
  void GetGlobal(wasm::Code& code, uint32_t global) const;

  // Code for a value of ValueOf, and for the default of a type.
  void Constant(wasm::Code& code, wasm::ValType type, const testcase::PlainValue& value);
  static void Default(wasm::Code& code, wasm::ValType type);

  wasm::AbstractHeap Top(wasm::ValType type) const;  // of a type as the module writes it

  wasm::Module Finish();

  const testcase::TestCase& test_case;
  const wasm::Module& original;
  const PortableOptions& options;
  const testcase::Collections collections;  // calls of them cost nothing (machine.h, F2)
  wasm::TypeStore types;
  std::vector<wasm::TypeId> type_ids;          // of the original's types
  std::vector<wasm::TypeIdx> function_types;   // of the original's functions, imported ones first
  std::vector<testcase::Meaning> meanings;     // of the original's imported functions
  std::vector<uint32_t> function_imports;      // their places among all imports
  std::vector<bool> referenced;                // functions that some ref.func names
  std::vector<bool> used;                      // functions that anything names
  std::vector<bool> late;                      // globals (2)
  std::vector<wasm::Body> late_values;         // of all globals; empty where not late
  std::vector<wasm::GlobalType> global_types;  // of the original's globals, as it writes them
  std::vector<wasm::TableType> table_types;
  std::vector<wasm::TypeIdx> tag_types;
  std::vector<uint32_t> tag_of;            // the one tag of all that are the same
  std::vector<uint32_t> tag_numbers;       // as the in-process host numbers them
  uint32_t number_tag = 0, error_tag = 0;  // of `throw`
  Globals globals{};
  bool throws = false;  // some code throws, or catches
  bool has_gc;          // collections can be called for
  wasm::Module made;

 private:
  void FindUses();
  uint32_t Counted(uint32_t gc);
  wasm::TypeIdx Intern(wasm::FuncType type);

  std::vector<std::optional<wasm::Function>> functions_;
  std::optional<uint32_t> hash_combine_;
  bool has_log_;
  std::optional<uint32_t> log_, gc_;  // instead of the import
  std::array<bool, kHostImportCount> imported_ = {};
  std::vector<wasm::TypeIdx> added_types_;
};

// Makes what was imported the module's own, with the host's values, and bounds memories and tables.
Result<void, PortableError> CloseModule(Form& form);

}  // namespace slabhound::portable
