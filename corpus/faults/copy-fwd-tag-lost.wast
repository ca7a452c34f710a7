;; Two elements of an array name one object.
(module
  (type $s (struct (field (mut i32))))
  (type $array (array (mut (ref null $s))))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (result i32) (local $array (ref null $array))
    (local.set $array (array.new $array (struct.new $s (i32.const 7)) (i32.const 2)))
    (call $gc)
    (drop (struct.new $s (i32.const 8)))
    (struct.set $s 0 (array.get $array (local.get $array) (i32.const 0)) (i32.const 42))
    (struct.get $s 0 (array.get $array (local.get $array) (i32.const 1)))))

(assert_return (invoke "run") (i32.const 42))
