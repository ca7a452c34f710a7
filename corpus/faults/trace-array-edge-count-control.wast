;; The second half of the array is null.
(module
  (type $s (struct (field (mut i32))))
  (type $array (array (mut (ref null $s))))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (result i32) (local $array (ref null $array))
    (local.set $array (array.new_fixed $array 4 
      (struct.new $s (i32.const 40)) (struct.new $s (i32.const 41))
      (ref.null $s) (ref.null $s)))
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (array.get $array (local.get $array) (i32.const 1)))))

(assert_return (invoke "run") (i32.const 41))
