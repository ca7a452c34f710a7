// Goal: names stay with what they name, whatever reducers drop, merge and renumber.
//
// Method: a module whose locals and fields have their type's name, and whose exported functions
// have their export's. A candidate whose names do not fit is told, or not taken.
#include "wasm/names.h"

#include "minimizer/case.h"
#include "minimizer/reducer.h"
#include "testcase/plan_text.h"

namespace slabhound::minimizer {
namespace {

using wasm::IndexSpace;

constexpr std::string_view kNamed = R"((module
  (type $unused (struct (field $i32 i32)))
  (rec (type $other (struct)) (type $s (sub (struct (field $i32 i32) (field $i64 i64)))))
  (type $same (sub (struct (field $f32 f32) (field $f64 f64))))
  (type $twin (sub (struct (field $f32 f32) (field $f64 f64))))
  (import "m" "log" (func $log (param i32)))
  (import "m" "both" (func $both))
  (export "both" (func $both))
  (func $dead (local $i64 i64))
  (func $two (export "two") (param $i32 i32) (result f64) (local $f64 f64) (local $i64 i64)
    (local.set $i64 (call $helper (local.get $i32) (f32.const 1)))
    (call $log (i32.const 7)) (call $both)
    (struct.get $twin $f64 (struct.new $same (f32.const 1) (f64.const 2))))
  (func $helper (param $i32 i32) (param $f32 f32) (result i64)
    (local $i64 i64) (local i32) (local $f32_ f32)
    (local.set $f32_ (local.get $f32)) (local.set $i64 (i64.const 5))
    (struct.get $s $i64 (struct.new $s (local.get $i32) (local.get $i64))))
))";

// Each name is that of its item's type, but for what stands behind it.
bool AreNamesOf(const std::vector<std::string>& types, const wasm::NameMap& names) {
  for (const auto& [index, name] : names) {
    if (index >= types.size() || name.substr(0, 3) != types[index]) return false;
  }
  return true;
}

bool LocalsFit(const wasm::Module& module) {
  const uint32_t imported = module.ImportCount(wasm::ExternKind::Func);
  for (const auto& [function, locals] : module.names->locals) {
    if (function < imported || function >= module.FunctionCount()) return false;
    const wasm::Function& definition = module.functions[function - imported];
    std::vector<wasm::ValType> types =
        std::get<wasm::FuncType>(module.types[definition.type].composite).params;
    types.insert(types.end(), definition.locals.begin(), definition.locals.end());
    std::vector<std::string> texts;
    for (const wasm::ValType type : types) texts.push_back(wasm::TypeText(type));
    if (!AreNamesOf(texts, locals)) return false;
  }
  return true;
}

bool FieldsFit(const wasm::Module& module) {
  for (const auto& [type, fields] : module.names->fields) {
    if (type >= module.types.size()) return false;
    std::vector<std::string> texts;
    for (const auto& field : std::get<wasm::StructType>(module.types[type].composite).fields) {
      texts.push_back(wasm::TypeText(field.type));
    }
    if (!AreNamesOf(texts, fields)) return false;
  }
  return true;
}

bool FunctionsFit(const wasm::Module& module) {
  for (const wasm::Export& exported : module.exports) {
    if (exported.name.size() < 3) continue;  // a reducer shortened it
    const auto& names = module.names->of(IndexSpace::Func);
    const auto found = names.find(exported.index);
    if (found == names.end() || found->second != exported.name) return false;
  }
  return true;
}

bool ReadsField(const testcase::TestCase& test_case) {
  return Contains(test_case.module, wasm::Opcode::StructGet);
}

TEST(Names, StayWithWhatTheyName) {
  const Options options;
  const Predicate predicate = [](const testcase::TestCase& test_case) {
    if (!ReadsField(test_case)) return false;
    EXPECT_TRUE(LocalsFit(test_case.module) && FunctionsFit(test_case.module))
        << testcase::PrintTestCase(test_case);
    return true;
  };
  for (const Reducer& reducer : AllReducers()) {
    SCOPED_TRACE(reducer.name);
    Reduction reduction(CaseOf(kNamed), predicate, options);
    reducer.run(reduction);
    ReduceUnused(reduction);
    EXPECT_FALSE(reduction.module().names->empty());
  }
}

TEST(Names, OfFieldsGoWithThem) {
  const Options options;
  const Predicate predicate = [](const testcase::TestCase& test_case) {
    return ReadsField(test_case) && FieldsFit(test_case.module);
  };
  Reduction reduction(CaseOf(kNamed), predicate, options);
  ReduceUnused(reduction);
  FindReducer("fields")->run(reduction);
  FindReducer("types")->run(reduction);
  ReduceUnused(reduction);
  const std::string text = testcase::PrintTestCase(reduction.current());
  EXPECT_NE(text.find("(struct (field $i64 i64))"), std::string::npos) << text;
  EXPECT_NE(text.find("(struct (field $f64 f64))"), std::string::npos) << text;
  EXPECT_EQ(text.find("$twin"), std::string::npos) << text;
}

}  // namespace
}  // namespace slabhound::minimizer
