;; array.fill with null goes over elements that are null, or i31s.
(module
  (type $array (array (mut i31ref)))
  (import "slabhound" "gc" (func $gc))
  (global $array (mut (ref null $array)) (ref.null $array))
  (func (export "run") (result i32)
    (global.set $array (array.new_default $array (i32.const 4)))
    (array.set $array (global.get $array) (i32.const 1) (ref.i31 (i32.const 42)))
    (array.fill $array (global.get $array) (i32.const 0) (ref.null i31) (i32.const 4))
    (call $gc)
    (ref.is_null (array.get $array (global.get $array) (i32.const 3)))))

(assert_return (invoke "run") (i32.const 1))
