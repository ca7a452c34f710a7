;; array.copy copies i31s.
(module
  (type $array (array (mut i31ref)))
  (import "slabhound" "gc" (func $gc))
  (global $array (mut (ref null $array)) (ref.null $array))
  (func (export "age")
    (global.set $array (array.new_default $array (i32.const 2)))
    (call $gc) (call $gc) (call $gc) (call $gc))
  (func (export "run") (result i32)
    (array.copy $array $array (global.get $array) (i32.const 0)
      (array.new $array (ref.i31 (i32.const 42)) (i32.const 1)) (i32.const 0) (i32.const 1))
    (call $gc)
    (i31.get_u (array.get $array (global.get $array) (i32.const 0)))))

(assert_return (invoke "age"))
(assert_return (invoke "run") (i32.const 42))
