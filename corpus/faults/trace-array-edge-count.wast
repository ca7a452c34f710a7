;; The last element of an array holds the only reference to an object.
(module
  (type $s (struct (field (mut i32))))
  (type $array (array (mut (ref null $s))))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (result i32) (local $array (ref null $array))
    (local.set $array (array.new_fixed $array 4 
      (struct.new $s (i32.const 40)) (struct.new $s (i32.const 41))
      (struct.new $s (i32.const 42)) (struct.new $s (i32.const 43))))
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (array.get $array (local.get $array) (i32.const 3)))))

(assert_return (invoke "run") (i32.const 43))
