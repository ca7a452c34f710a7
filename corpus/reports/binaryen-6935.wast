;; binaryen#6935: a subtype clause that changes nothing was left out; the two array types became one,
;; and the cast that must fail did not.
(module
  (type $text (sub (array (mut i16))))
  (type $ascii (sub $text (array (mut i16))))
  (func $is_ascii (param $it (ref null $text)) (result i32)
    (ref.test (ref $ascii) (local.get $it)))
  (func (export "text") (result i32)
    (call $is_ascii (array.new_fixed $text 1 (i32.const 65))))
  (func (export "ascii") (result i32)
    (call $is_ascii (array.new_fixed $ascii 1 (i32.const 65))))
  (func (export "null") (result i32) (call $is_ascii (ref.null none)))
  (func (export "cast") (param $length i32) (result i32)
    (array.len (ref.cast (ref $ascii) (array.new_default $text (local.get $length)))))
  (func (export "upcast") (param $length i32) (result i32)
    (array.len (ref.cast (ref $text) (array.new_default $ascii (local.get $length))))))

(assert_return (invoke "text") (i32.const 0))
(assert_return (invoke "ascii") (i32.const 1))
(assert_return (invoke "null") (i32.const 0))
(assert_trap (invoke "cast" (i32.const 2)) "cast failure")
(assert_return (invoke "upcast" (i32.const 2)) (i32.const 2))
