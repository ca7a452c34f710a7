;; wasm-micro-runtime#4190: a structure with an array in it could not be made by a constant
;; expression.
(module
  (type $digits (array i8))
  (type $number (struct (field $sign i32) (field $digits (ref $digits))))
  (type $numbers (array (mut (ref null $number))))
  (global $ten (ref $number)
    (struct.new $number (i32.const -1)
      (array.new_fixed $digits 2 (i32.const 0) (i32.const 1))))
  (global $numbers (ref $numbers)
    (array.new_fixed $numbers 2
      (struct.new $number (i32.const 1) (array.new $digits (i32.const 9) (i32.const 5)))
      (global.get $ten)))
  (func $digit (param $which i32) (param $at i32) (result i32)
    (array.get_u $digits
      (struct.get $number $digits (array.get $numbers (global.get $numbers) (local.get $which)))
      (local.get $at)))
  (func (export "digits") (result i32 i32 i32)
    (call $digit (i32.const 0) (i32.const 4))
    (call $digit (i32.const 1) (i32.const 0))
    (call $digit (i32.const 1) (i32.const 1)))
  (func (export "past") (result i32) (call $digit (i32.const 1) (i32.const 2)))
  (func (export "same") (result i32)
    (ref.eq (global.get $ten) (array.get $numbers (global.get $numbers) (i32.const 1)))))

(assert_return (invoke "digits") (i32.const 9) (i32.const 0) (i32.const 1))
(assert_trap (invoke "past") "out of bounds array access")
(assert_return (invoke "same") (i32.const 1))
