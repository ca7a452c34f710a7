;; An array is copied one element down in itself.
(module
  (type $a (array (mut i32)))
  (func (export "run") (result i32) (local $a (ref null $a))
    (local.set $a (array.new_fixed $a 4 (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)))
    (array.copy $a $a (local.get $a) (i32.const 0) (local.get $a) (i32.const 1) (i32.const 3))
    (array.get $a (local.get $a) (i32.const 0))))

(assert_return (invoke "run") (i32.const 2))
