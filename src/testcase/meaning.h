// What imports mean, as far as it must be known in more than one place: to the host of in-process
// engines (trace/host.h, which says what each meaning does) and to the portable form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wasm/module.h"
#include "wasm/type_store.h"
#include "wasm/types.h"

namespace slabhound::testcase {

// The host object that is thrown as an error.
inline constexpr uint32_t kErrorObject = 0xbad;

// The imported functions with a meaning of their own; Log is every other one's.
enum class Meaning : uint8_t {
#define SLABHOUND_IMPORT(name, ...) name,
#include "testcase/imports.def"
  Log
};
// Requires: the signature is canonical.
Meaning FindMeaning(std::string_view module, std::string_view name,
                    const wasm::FuncType& signature);

// Whether the import, of a module that may be invalid, is a function that means Gc.
bool ForcesCollection(const wasm::Import& import, const wasm::Module& module);
inline constexpr std::string_view kCollectModule = "slabhound", kCollectName = "gc";
// Whether it is the one that does so whatever a script registers under its name.
bool CollectsInScripts(const wasm::Import& import, const wasm::Module& module);
// Whether the name is one for what collects, whatever the import means; and the imports that do,
// for people.
bool LooksLikeCollection(std::string_view name);
std::string CollectionImports();

// A value that is no function, struct, array or exception, as arguments and imports are.
enum class PlainKind : uint8_t { Number, Null, I31, Host };
struct PlainValue {
  PlainKind kind = PlainKind::Number;
  uint64_t bits = 0;  // numbers: I32 and F32 in the low half; the i31's 31 bits; the host object
};
// The value of the type for the number of an argument or global (testcase.h, 1); nothing when there
// is none.
std::optional<PlainValue> ValueOf(wasm::ValType type, uint64_t number);

// The least number for which ValueOf gives that value. Requires: it gives it for some.
uint64_t NumberOf(wasm::ValType type, const PlainValue& value);
// The least number that means the same for the type.
uint64_t PlainNumber(wasm::ValType type, uint64_t number);

// The numbers of an imported global's value and of the elements of an imported table.
uint64_t NumberOfGlobal(std::string_view name, wasm::ValType type);
uint64_t NumberOfElements(wasm::ValType type);

// Whether call-export and call-ref call a function of this type at all (trace/host.h).
bool IsCalledByHost(const wasm::TypeStore& types, const wasm::FuncType& signature);

}  // namespace slabhound::testcase
