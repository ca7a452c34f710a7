// Each reducer alone, by what it makes of a small module.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "minimizer/case.h"
#include "minimizer/reducer.h"
#include "testcase/plan_text.h"

namespace slabhound::minimizer {
namespace {

struct Example {
  std::string_view reducer;
  std::string_view keeps;   // names of instructions that must stay, with spaces between
  std::string_view called;  // an export that must stay called; may be empty
  std::string_view before, after;
};

bool KeepsAll(std::string_view names, const wasm::Module& module) {
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(' '));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    const bool found = std::ranges::any_of(module.functions, [&](const wasm::Function& function) {
      return std::ranges::any_of(function.body.code, [&](const wasm::Instr& instr) {
        return wasm::Info(instr.op).text == name;
      });
    });
    if (!found) return false;
  }
  return true;
}

// Without names. The plan follows where it is not the default one.
std::string TextOf(testcase::TestCase test_case) {
  test_case.module.names.reset();
  const testcase::Plan plain = testcase::DefaultPlan(test_case.module);
  return text::PrintModule(test_case.module) +
         (test_case.plan == plain ? "" : testcase::PlanText(test_case));
}

constexpr Example kExamples[] = {
    {"calls", "", "f", R"((module (func (export "f") (param i32 i32)) (func (export "g"))))",
     R"(
(module
  (type (;0;) (func (param i32 i32)))
  (type (;1;) (func))
  (export "f" (func 0))
  (export "g" (func 1))
  (func (;0;) (type 0)
  )
  (func (;1;) (type 1)
  )
)
;; plan: seed 0
;; plan: call "f"
)"},
    {"collections", "struct.new call", "",
     R"((module (import "slabhound" "gc" (func $gc)) (type $s (struct))
        (func (call $gc) (drop (struct.new $s)) (call $gc)) (func (call $gc))))",
     R"(
(module
  (type (;0;) (struct))
  (type (;1;) (func))
  (import "slabhound" "gc" (func (type 1)))
  (func (;1;) (type 1)
    struct.new 0
    drop
  )
  (func (;2;) (type 1)
    call 0
  )
)
)"},
    {"exports", "", "second",
     R"((module (func (export "first")) (func (export "second"))
  (memory (export "memory") 1) (global (export "global") i32 (i32.const 1))))",
     R"(
(module
  (type (;0;) (func))
  (memory 1)
  (global i32 i32.const 1)
  (export "" (func 0))
  (export "second" (func 1))
  (func (;0;) (type 0)
  )
  (func (;1;) (type 0)
  )
)
)"},
    {"bodies", "array.len", "",
     R"((module (type $a (array i32))
  (func (export "f") (result i32) (local i32) (array.len (array.new_default $a (i32.const 3))))
  (func (export "g") (result (ref $a)) (local f64) (array.new_fixed $a 1 (i32.const 3)))
  (func (export "h") (drop (i32.const 1)) (drop (i32.const 2)))))",
     R"(
(module
  (type (;0;) (array i32))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (result (ref 0))))
  (type (;3;) (func))
  (export "f" (func 0))
  (export "g" (func 1))
  (export "h" (func 2))
  (func (;0;) (type 1)
    (local i32)
    i32.const 3
    array.new_default 0
    array.len
  )
  (func (;1;) (type 2)
    array.new_fixed 0 0
  )
  (func (;2;) (type 3)
  )
)
)"},
    {"unused", "", "",
     R"((module (type $s (struct (field i32))) (type $used (struct (field i64))) (type $t (func))
  (import "m" "f" (func $i (type $t)))
  (memory 1) (global $g i32 (i32.const 0)) (table 3 funcref) (tag) (data "x")
  (elem declare func $f $unused)
  (func $unused (call $i)) (func $f)
  (func (export "g") (drop (ref.func $f)) (drop (ref.null $used)))))",
     R"(
(module
  (type (;0;) (struct (field i64)))
  (type (;1;) (func))
  (export "g" (func 1))
  (elem declare func 0)
  (func (;0;) (type 1)
  )
  (func (;1;) (type 1)
    ref.func 0
    drop
    ref.null 0
    drop
  )
)
)"},
    {"definitions", "table.get", "",
     R"((module (table 7 9 funcref) (memory 1 2)
  (global $g (mut i32) (i32.const 17)) (start $f)
  (elem (i32.const 1) $f $f) (data (i32.const 5) "abcdef")
  (func $f (export "f") (drop (table.get 0 (i32.const 1))))))",
     R"(
(module
  (type (;0;) (func))
  (table 7 (ref null func))
  (memory 1)
  (global (mut i32) i32.const 17)
  (export "f" (func 0))
  (elem func)
  (func (;0;) (type 0)
    i32.const 1
    table.get 0
    drop
  )
  (data "")
)
)"},
    {"imports", "call", "",
     R"((module (import "module" "function" (func $i (result i32)))
  (import "module" "global" (global i64)) (import "module" "memory" (memory 1))
  (func (export "f") (drop (call $i)) (drop (global.get 0)))))",
     R"(
(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (memory 1)
  (global i64 i64.const 0)
  (export "f" (func 1))
  (func (;0;) (type 0)
    i32.const 0
  )
  (func (;1;) (type 1)
    call 0
    drop
    global.get 0
    drop
  )
)
)"},
    {"dead-code", "", "",
     R"((module (func (export "f") (result i32)
  (block (br 0) (drop (i32.const 1)))
  (return (i32.const 2)) (drop (i32.const 3)) (i32.const 4))))",
     R"(
(module
  (type (;0;) (func (result i32)))
  (export "f" (func 0))
  (func (;0;) (type 0)
    block
      br 0
    end
    i32.const 2
    return
  )
)
)"},
    {"statements", "array.new_default", "",
     R"((module (type $a (array i8)) (global $g (mut i32) (i32.const 0))
  (func (export "f") (global.set $g (i32.const 1))
    (loop (global.set $g (i32.const 2)) (drop (array.new_default $a (i32.const 3)))
      (drop (i32.const 4)))
    (if (global.get $g) (then (global.set $g (i32.const 5)))))))",
     R"(
(module
  (type (;0;) (array i8))
  (type (;1;) (func))
  (global (mut i32) i32.const 0)
  (export "f" (func 0))
  (func (;0;) (type 1)
    loop
      i32.const 3
      array.new_default 0
      drop
    end
  )
)
)"},
    {"defaults", "struct.get", "",
     R"((module (type $s (struct (field i32) (field (ref null $s))))
  (func (export "f") (param i32) (result i32)
    (i32.add (i32.mul (local.get 0) (i32.const 7))
      (struct.get $s 0
        (struct.new $s (i32.sub (local.get 0) (i32.const 1))
          (struct.new $s (i32.const 1) (ref.null $s))))))))",
     R"(
(module
  (type (;0;) (struct (field i32) (field (ref null 0))))
  (type (;1;) (func (param i32) (result i32)))
  (export "f" (func 0))
  (func (;0;) (type 1)
    i32.const 0
    struct.new_default 0
    struct.get 0 0
    i32.add
  )
)
)"},
    {"customs", "", "", R"((module (func (export "f")) (@custom "note" "some bytes")))", R"(
(module
  (type (;0;) (func))
  (export "f" (func 0))
  (func (;0;) (type 0)
  )
)
)"},
    {"initializers", "", "",
     R"((module (type $f (func))
  (type $t (struct (field (ref null $f)) (field (ref $f)) (field i8)))
  (global (ref $t) (struct.new $t (ref.func $g) (ref.func $g) (i32.const 3)))
  (global (ref null $t) (struct.new $t (ref.func $g) (ref.func $g) (i32.const 3)))
  (func $g (export "g"))))",
     R"(
(module
  (type (;0;) (func))
  (type (;1;) (struct (field (ref null 0)) (field (ref 0)) (field i8)))
  (global (ref 1) ref.null nofunc ref.func 0 i32.const 0 struct.new 1)
  (global (ref null 1) ref.null none)
  (export "g" (func 0))
  (func (;0;) (type 0)
  )
)
)"},
    {"fields", "struct.get", "",
     R"((module (type $v (sub (struct (field i32) (field funcref))))
  (type $w (sub $v (struct (field i32) (field funcref) (field i64))))
  (global $w (ref $w) (struct.new $w (i32.const 1) (ref.func $f) (i64.const 2)))
  (func $f (export "f") (result i32)
    (drop (struct.new $v (i32.const 3) (ref.null func)))
    (struct.get $w 0 (global.get $w)))))",
     R"(
(module
  (type (;0;) (sub (struct (field i32))))
  (type (;1;) (sub 0 (struct (field i32))))
  (type (;2;) (func (result i32)))
  (global (ref 1) i32.const 1 struct.new 1)
  (export "f" (func 0))
  (func (;0;) (type 2)
    i32.const 3
    struct.new 0
    drop
    global.get 0
    struct.get 1 0
  )
)
)"},
    {"bytes", "", "", R"((module (memory 1) (data (i32.const 5) "abcd") (data "efgh")))", R"(
(module
  (memory 1)
  (data (memory 0) (offset i32.const 9) "")
  (data "")
)
)"},
    {"names", "", "long", R"((module (import "Äa" "b" (func)) (func (export "long"))))", R"(
(module
  (type (;0;) (func))
  (import "" "" (func (type 0)))
  (export "long" (func 1))
  (func (;1;) (type 0)
  )
)
)"},
    {"blocks", "array.new_default", "",
     R"((module (type $a (array i8))
  (func (export "f") (param i32) (local (ref null $a))
    (block (loop (if (local.get 0)
      (then (local.set 1 (array.new_default $a (local.get 0))))
      (else (local.set 0 (i32.const 1)))))))
  (func (export "g") (block (br_if 0 (i32.const 1)) (drop (i32.const 2))))))",
     R"(
(module
  (type (;0;) (array i8))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (export "f" (func 0))
  (export "g" (func 1))
  (func (;0;) (type 1)
    (local (ref null 0))
    loop
      local.get 0
      drop
      local.get 0
      array.new_default 0
      local.set 1
    end
  )
  (func (;1;) (type 2)
    block
      i32.const 1
      br_if 0
      i32.const 2
      drop
    end
  )
)
)"},
    {"operands", "array.len", "",
     R"((module (type $a (array i8))
  (func (export "f") (param i32) (result i32)
    (i32.clz (i32.add (array.len (ref.cast (ref $a) (array.new_default $a (local.get 0))))
      (i32.const 1))))))",
     R"(
(module
  (type (;0;) (array i8))
  (type (;1;) (func (param i32) (result i32)))
  (export "f" (func 0))
  (func (;0;) (type 1)
    local.get 0
    array.new_default 0
    array.len
    i32.const 1
    i32.add
  )
)
)"},
    {"instructions", "struct.set i32.const", "",
     R"((module (type $s (struct (field (mut i32))))
  (func (export "f") (param i32) (result i32) (local (ref null $s))
    (struct.set $s 0 (local.get 1) (i32.eqz (local.get 0)))
    (local.set 0 (i32.const 3))
    (i32.clz (local.get 0)))))",
     R"(
(module
  (type (;0;) (struct (field (mut i32))))
  (type (;1;) (func (param i32) (result i32)))
  (export "f" (func 0))
  (func (;0;) (type 1)
    (local (ref null 0))
    local.get 1
    local.get 0
    struct.set 0 0
    i32.const 3
    drop
    local.get 0
  )
)
)"},
    {"control", "", "",
     R"((module (type $t (func (result i32))) (tag $e (param i32)) (tag $other)
  (func $g (type $t) (i32.const 1)) (elem declare func $g)
  (func (export "f") (param i32) (result i32)
    (drop (block (result i32)
      (try_table (catch $e 0) (throw $e (i32.const 2)))
      (block (result i32) (br_table 0 1 (i32.const 3) (local.get 0)))))
    (return_call_ref $t (ref.func $g)))))",
     R"(
(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (type (;3;) (func (param i32) (result i32)))
  (tag (type 1))
  (tag (type 2))
  (export "f" (func 1))
  (elem declare func 0)
  (func (;0;) (type 0)
    i32.const 1
  )
  (func (;1;) (type 3)
    block (result i32)
      try_table (catch 0 0)
        i32.const 2
        br 1
      end
      block (result i32)
        i32.const 3
        br 1
      end
    end
    drop
    call 0
  )
)
)"},
    {"allocations", "array.get", "",
     R"((module (type $a (array i32)) (data $d "abcd")
  (func (export "f") (param i32) (result i32)
    (drop (array.new $a (local.get 0) (i32.const 2)))
    (drop (array.new_data $a $d (i32.const 0) (i32.const 1)))
    (array.get $a (array.new_fixed $a 3 (local.get 0) (i32.const 1) (i32.const 2))
      (i32.const 0)))))",
     R"(
(module
  (type (;0;) (array i32))
  (type (;1;) (func (param i32) (result i32)))
  (export "f" (func 0))
  (func (;0;) (type 1)
    i32.const 2
    array.new_default 0
    drop
    i32.const 1
    array.new_default 0
    drop
    array.new_fixed 0 0
    i32.const 0
    array.get 0
  )
  (data "abcd")
)
)"},
    {"merge", "", "f",
     R"((module (type $s (sub (struct (field i32)))) (type $t (sub $s (struct (field i32))))
  (type $v (func))
  (import "m" "log" (func $log (type $v))) (import "m" "also" (func $also (type $v)))
  (global $a (ref null $t) (ref.null none)) (global $b (ref null $s) (ref.null none))
  (func (export "f") (drop (global.get $a)) (drop (global.get $b)) (call $log) (call $also))))",
     R"(
(module
  (type (;0;) (sub (struct (field i32))))
  (type (;1;) (func))
  (import "m" "log" (func (type 1)))
  (global (ref null 0) ref.null none)
  (export "f" (func 0))
)
)"},
    {"forward", "array.len", "",
     R"((module (type $a (array i8)) (global $g (mut (ref null $a)) (ref.null $a))
  (func (export "f") (param i32) (result i32) (local (ref null $a))
    (global.set $g (array.new_default $a (i32.const 3)))
    (local.set 1 (global.get $g))
    (array.len (local.get 1)))))",
     R"(
(module
  (type (;0;) (array i8))
  (type (;1;) (func (param i32) (result i32)))
  (export "f" (func 0))
  (func (;0;) (type 1)
    (local (ref null 0))
    i32.const 3
    array.new_default 0
    drop
    i32.const 3
    array.new_default 0
    array.len
  )
)
)"},
    {"inline", "", "",
     R"((module
  (func $double (param i32) (result i32) (return (i32.add (local.get 0) (local.get 0))))
  (func (export "f") (result i32) (call $double (i32.const 3)))))",
     R"(
(module
  (type (;0;) (func (result i32)))
  (export "f" (func 0))
  (func (;0;) (type 0)
    (local i32)
    i32.const 3
    local.set 0
    local.get 0
    local.get 0
    i32.add
  )
)
)"},
    {"locals", "", "",
     R"((module (func (export "f") (param i32) (result i32) (local f32 i32 i64 i32)
    (local.set 2 (local.get 0)) (local.set 3 (i64.const 1)) (local.set 4 (local.get 2))
    (local.get 4))))",
     R"(
(module
  (type (;0;) (func (param i32) (result i32)))
  (export "f" (func 0))
  (func (;0;) (type 0)
    (local i64)
    local.get 0
    local.set 0
    i64.const 1
    local.set 1
    local.get 0
    local.set 0
    local.get 0
  )
)
)"},
    {"signatures", "", "",
     R"((module (func $f (param i32 i64) (result i32) (drop (local.get 1)) (i32.const 1))
  (func (export "g") (drop (call $f (i32.const 1) (i64.const 2))))))",
     R"(
(module
  (type (;0;) (func))
  (export "g" (func 1))
  (func (;0;) (type 0)
    (local i64)
    local.get 0
    drop
  )
  (func (;1;) (type 0)
    call 0
  )
)
)"},
    {"signatures", "call_ref ref.func", "",
     R"((module (type $t (func (param i32 i64) (result i32))) (table 1 funcref)
  (elem declare func $f)
  (func $f (type $t) (drop (local.get 1)) (i32.const 1))
  (func (export "g")
    (drop (call_ref $t (i32.const 1) (i64.const 2) (ref.func $f)))
    (drop (call_indirect (type $t) (i32.const 3) (i64.const 4) (i32.const 0))))))",
     R"(
(module
  (type (;0;) (func))
  (type (;1;) (func))
  (table 1 (ref null func))
  (export "g" (func 1))
  (elem declare func 0)
  (func (;0;) (type 0)
    (local i64)
    local.get 0
    drop
  )
  (func (;1;) (type 1)
    ref.func 0
    call_ref 0
    i32.const 0
    call_indirect 0 (type 0)
  )
)
)"},
    {"control", "struct.get br_if local.tee", "",
     R"((module (type $f (func)) (type $s (struct (field (ref null $f)))) (func $g (type $f))
  (func (export "f") (local $i i32) (local $s (ref null $s))
    (loop
      (call_ref $f (ref.as_non_null (struct.get $s 0 (local.get $s))))
      (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2)))))))",
     R"(
(module
  (type (;0;) (func))
  (type (;1;) (struct (field (ref null 0))))
  (export "f" (func 1))
  (func (;0;) (type 0)
  )
  (func (;1;) (type 0)
    (local i32 (ref null 1))
    loop
      local.get 1
      struct.get 1 0
      drop
      call 0
      local.get 0
      i32.eqz
      local.tee 0
      br_if 0
    end
  )
)
)"},
    {"types", "struct.get array.new_default", "",
     R"((module
  (rec (type $base (sub (struct (field i32))))
    (type $s (sub $base (struct (field i32) (field i64) (field f32)))))
  (type $a (array (mut f64))) (type $b (array f64))
  (func (export "f") (result i64)
    (drop (array.new_default $a (i32.const 1))) (drop (array.new_default $b (i32.const 1)))
    (struct.get $s 1 (struct.new $s (i32.const 1) (i64.const 2) (f32.const 3))))))",
     R"(
(module
  (type (;0;) (struct (field i32)))
  (type (;1;) (struct (field i32) (field i64) (field f32)))
  (type (;2;) (array f64))
  (type (;3;) (func (result i64)))
  (export "f" (func 0))
  (func (;0;) (type 3)
    i32.const 1
    array.new_default 2
    drop
    i32.const 1
    array.new_default 2
    drop
    i32.const 1
    i64.const 2
    f32.const 3
    struct.new 1
    struct.get 1 1
  )
)
)"},
    {"constants", "", "",
     R"((module (func (export "f") (result i32 i64 f32)
  (i32.const 100) (i64.const -1) (f32.const 2.5))))",
     R"(
(module
  (type (;0;) (func (result i32 i64 f32)))
  (export "f" (func 0))
  (func (;0;) (type 0)
    i32.const 0
    i64.const 0
    f32.const 0
  )
)
)"},
    {"operands", "call drop", "",
     R"((module (import "slabhound" "gc" (func $gc)) (type $a (array (ref null i31)))
  (func (export "f")
    (drop (array.new $a (ref.i31 (i32.const 1)) (i32.const 2) (call $gc))))))",
     R"(
(module
  (type (;0;) (array (ref null i31)))
  (type (;1;) (func))
  (import "slabhound" "gc" (func (type 1)))
  (export "f" (func 1))
  (func (;1;) (type 1)
    call 0
    array.new_fixed 0 0
    drop
  )
)
)"},
    {"operands", "array.len call", "",
     R"((module (import "slabhound" "gc" (func $gc)) (type $a (array i8))
  (func (export "f") (result i32)
    (i32.add (array.len (array.new_default $a (i32.const 1))) (call $gc) (i32.const 0)))))",
     R"(
(module
  (type (;0;) (array i8))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (import "slabhound" "gc" (func (type 1)))
  (export "f" (func 1))
  (func (;1;) (type 2)
    i32.const 1
    array.new_default 0
    array.len
    call 0
  )
)
)"},
    {"allocations", "array.new_data drop call", "",
     R"((module (import "slabhound" "gc" (func $gc)) (type $a (array i8)) (type $b (array i32))
  (type $c (array i64))
  (func (export "f")
    (drop (array.new_data $a $d (i32.const 0) (i32.const 1)))
    (drop (array.new $b (i32.const 1) (i32.const 0) (call $gc)))
    (drop (array.new_fixed $c 0)))
  (data $d "x")))",
     R"(
(module
  (type (;0;) (array i8))
  (type (;1;) (array i32))
  (type (;2;) (func))
  (import "slabhound" "gc" (func (type 2)))
  (export "f" (func 1))
  (func (;1;) (type 2)
    i32.const 0
    i32.const 1
    array.new_data 0 0
    drop
    i32.const 0
    call 0
    array.new_default 1
    drop
    array.new_fixed 0 0
    drop
  )
  (data "x")
)
)"},
    {"instructions", "struct.new local.get", "",
     R"((module (type $s (struct))
  (func (export "f") (local (ref $s))
    (drop (local.tee 0 (struct.new $s))) (drop (local.get 0)))))",
     R"(
(module
  (type (;0;) (struct))
  (type (;1;) (func))
  (export "f" (func 0))
  (func (;0;) (type 1)
    (local (ref 0))
    struct.new 0
    local.set 0
    local.get 0
    drop
  )
)
)"},
    {"control", "call struct.new drop", "",
     R"((module (import "slabhound" "gc" (func $gc)) (type $s (struct))
  (func (export "f")
    (drop (select (result (ref $s)) (struct.new $s) (struct.new $s) (i32.const 1) (call $gc))))))",
     R"(
(module
  (type (;0;) (struct))
  (type (;1;) (func))
  (import "slabhound" "gc" (func (type 1)))
  (export "f" (func 1))
  (func (;1;) (type 1)
    struct.new 0
    struct.new 0
    i32.const 1
    call 0
    drop
    drop
    drop
  )
)
)"},
    {"handlers", "throw call", "",
     R"((module (import "slabhound" "gc" (func $gc)) (tag $e (param i32))
  (func (export "f")
    (drop (block $caught (result i32)
      (try_table (catch $e $caught) (call $gc) (throw $e (i32.const 1)))
      (unreachable))))))",
     R"(
(module
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (import "slabhound" "gc" (func (type 0)))
  (tag (type 1))
  (export "f" (func 1))
  (func (;1;) (type 0)
    try_table (catch_all 0)
      call 0
      i32.const 1
      throw 0
    end
    unreachable
    drop
  )
)
)"},
    {"handlers", "try_table call", "",
     R"((module (import "slabhound" "gc" (func $gc)) (tag $e)
  (func (export "f") (result i32)
    (block $out (result i32)
      (block $caught
        (try_table (catch $e $caught) (call $gc))
        (br $out (i32.const 1)))
      (unreachable)))))",
     R"(
(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (import "slabhound" "gc" (func (type 0)))
  (tag (type 0))
  (export "f" (func 1))
  (func (;1;) (type 1)
    block (result i32)
      loop (result i32)
        try_table (catch_all 0)
          call 0
        end
        i32.const 1
      end
    end
  )
)
)"},
    {"signatures", "", "",
     R"((module (import "env" "log" (func $log (param i32 i64) (result i32)))
  (func (export "f") (drop (call $log (i32.const 1) (i64.const 2))))))",
     R"(
(module
  (type (;0;) (func))
  (import "env" "log" (func (type 0)))
  (export "f" (func 1))
  (func (;1;) (type 0)
    call 0
  )
)
)"},
};

class OneReducer : public testing::TestWithParam<Example> {};

TEST_P(OneReducer, MakesOfTheModule) {
  const Example& example = GetParam();
  const Reducer* reducer = FindReducer(example.reducer);
  ASSERT_NE(reducer, nullptr);
  const Options options;
  const Predicate predicate = [&](const testcase::TestCase& test_case) {
    const bool called = std::ranges::any_of(test_case.plan.calls, [&](const testcase::Call& call) {
      return call.export_name == example.called;
    });
    return (called || example.called.empty()) && KeepsAll(example.keeps, test_case.module);
  };
  const testcase::TestCase input = CaseOf(example.before);
  ASSERT_TRUE(predicate(input).IsInteresting());
  Reduction reduction(input, predicate, options);
  reducer->run(reduction);
  EXPECT_EQ("\n" + TextOf(reduction.current()), example.after);
}

INSTANTIATE_TEST_SUITE_P(Examples, OneReducer, testing::ValuesIn(kExamples), [](const auto& each) {
  std::string name(each.param.reducer);
  std::ranges::replace(name, '-', '_');
  return name + std::to_string(each.index);
});

TEST(Reducers, EachHasAnExample) {
  std::set<std::string_view> shown;
  for (const Example& example : kExamples) shown.insert(example.reducer);
  for (const Reducer& reducer : AllReducers())
    EXPECT_TRUE(shown.contains(reducer.name)) << reducer.name;
}

}  // namespace
}  // namespace slabhound::minimizer
