;; array.fill with null lets go of the only reference to an object.
(module
  (type $s (struct (field (mut i32))))
  (type $array (array (mut (ref null $s))))
  (import "slabhound" "gc" (func $gc))
  (global $array (mut (ref null $array)) (ref.null $array))
  (func (export "run") (result i32)
    (global.set $array (array.new $array (struct.new $s (i32.const 42)) (i32.const 4)))
    (array.fill $array (global.get $array) (i32.const 0) (ref.null $s) (i32.const 4))
    (call $gc)
    (ref.is_null (array.get $array (global.get $array) (i32.const 3)))))

(assert_return (invoke "run") (i32.const 1))
