;; gc#433: the initializer of a table names a global of the module. Tables come before globals, so
;; there is none yet; only imported ones can be named.
(assert_invalid
  (module
    (type $unit (struct))
    (global $one (ref $unit) (struct.new $unit))
    (table 2 (ref $unit) (global.get $one)))
  "unknown global")

(module
  (global $from (import "spectest" "global_i32") i32)
  (table $held 2 (ref null i31) (ref.i31 (global.get $from)))
  (func (export "held") (result i32) (i31.get_u (table.get $held (i32.const 1)))))

(assert_return (invoke "held") (i32.const 666))
