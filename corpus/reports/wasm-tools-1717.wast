;; wasm-tools#1717: the type of a segment was not looked at where an array takes its elements.
(assert_invalid
  (module
    (type $functions (array (mut (ref null func))))
    (elem $values (ref null i31) (item (ref.i31 (i32.const 1))))
    (func (param $to (ref $functions))
      (array.init_elem $functions $values
        (local.get $to) (i32.const 0) (i32.const 0) (i32.const 1))))
  "type mismatch")
(assert_invalid
  (module
    (type $values (array (ref null eq)))
    (elem $functions func)
    (func (result (ref $values))
      (array.new_elem $values $functions (i32.const 0) (i32.const 0))))
  "type mismatch")

(module
  (type $values (array (mut (ref null eq))))
  (elem $i31s (ref i31) (item (ref.i31 (i32.const 1))) (item (ref.i31 (i32.const 2))))
  (func (export "taken") (result i32)
    (local $to (ref $values))
    (local.set $to (array.new_default $values (i32.const 2)))
    (array.init_elem $values $i31s (local.get $to) (i32.const 0) (i32.const 1) (i32.const 1))
    (i31.get_u (ref.cast (ref i31) (array.get $values (local.get $to) (i32.const 0))))))

(assert_return (invoke "taken") (i32.const 2))
