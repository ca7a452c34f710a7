;; Fresh objects are operands of an allocation; to see it, each allocation must collect.
(module
  (type $s (struct (field (mut i32))))
  (type $array (array (mut (ref null $s))))
  (func (export "run") (result i32) (local $array (ref null $array))
    (local.set $array
      (array.new_fixed $array 3
        (struct.new $s (i32.const 40)) (struct.new $s (i32.const 41)) (struct.new $s (i32.const 42))))
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (array.get $array (local.get $array) (i32.const 2)))))

(assert_return (invoke "run") (i32.const 42))
