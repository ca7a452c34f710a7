;; binaryen#7765: the field that is read has a known value, so the structure was never made; that the
;; value of another field traps was forgotten with it.
(module
  (type $mixed (struct (field f64) (field i32) (field (mut i8)) (field (ref null eq))))
  (func $trap (result (ref null eq)) (unreachable))
  (func (export "read") (result i32)
    (struct.get_s $mixed 2
      (struct.new $mixed (f64.const 1) (i32.const 2) (i32.const 3) (call $trap))))
  (func (export "compared") (result i32)
    (struct.get_u $mixed 2
      (struct.new $mixed (f64.const 1)
        (ref.eq (call $trap) (struct.new_default $mixed)) (i32.const 3) (ref.null eq))))
  (func (export "cut") (result i32 i32)
    (local $it (ref $mixed))
    (local.set $it
      (struct.new $mixed (f64.const 1) (i32.const 2) (i32.const 0x380) (ref.null eq)))
    (struct.get_s $mixed 2 (local.get $it))
    (struct.get_u $mixed 2 (local.get $it))))

(assert_trap (invoke "read") "unreachable")
(assert_trap (invoke "compared") "unreachable")
(assert_return (invoke "cut") (i32.const -128) (i32.const 128))
