;; Fresh objects are operands of an allocation; to see it, each allocation must collect.
(module
  (type $s (struct (field (mut i32))))
  (type $array (array (mut (ref null $s))))
  (global $a (mut (ref null $s)) (ref.null $s))
  (global $b (mut (ref null $s)) (ref.null $s))
  (global $c (mut (ref null $s)) (ref.null $s))
  (global $d (mut (ref null $s)) (ref.null $s))
  (func $more
    (global.set $a (struct.new $s (i32.const 7)))
    (global.set $b (struct.new $s (i32.const 7)))
    (global.set $c (struct.new $s (i32.const 7)))
    (global.set $d (struct.new $s (i32.const 7))))
  (func (export "run") (result i32) (local $array (ref null $array))
    (call $more)
    (local.set $array
      (array.new_fixed $array 3
        (struct.new $s (i32.const 40)) (struct.new $s (i32.const 41)) (struct.new $s (i32.const 42))))
    (call $more)
    (i32.add
      (struct.get $s 0 (array.get $array (local.get $array) (i32.const 0)))
      (struct.get $s 0 (array.get $array (local.get $array) (i32.const 2))))))

(assert_return (invoke "run") (i32.const 82))
