;; array.copy puts the only reference to an object into an array that was made long before.
(module
  (type $s (struct (field (mut i32))))
  (type $array (array (mut (ref null $s))))
  (import "slabhound" "gc" (func $gc))
  (global $array (mut (ref null $array)) (ref.null $array))
  (func (export "age")
    (global.set $array (array.new_default $array (i32.const 2)))
    (call $gc) (call $gc) (call $gc) (call $gc))
  (func (export "run") (result i32)
    (array.copy $array $array (global.get $array) (i32.const 0)
      (array.new $array (struct.new $s (i32.const 42)) (i32.const 1)) (i32.const 0) (i32.const 1))
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (array.get $array (global.get $array) (i32.const 0)))))

(assert_return (invoke "age"))
(assert_return (invoke "run") (i32.const 42))
