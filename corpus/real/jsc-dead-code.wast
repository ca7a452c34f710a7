;; engine: jsc bun 1.4.5
;; does: takes the module: types are not looked at in code that cannot be reached
;; specification 3.4.12 (validation of instruction sequences): `unreachable` gives operands of any type,
;;   but the i64 on top of them is none that i32.eqz takes; the script unreached-invalid.wast has more
(assert_invalid
  (module (func unreachable i64.const 0 i32.eqz drop))
  "type mismatch")
