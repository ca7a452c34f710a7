;; The same, but a local holds the object.
(module
  (type $s (struct (field (mut i32))))
  (type $array (array (mut (ref null $s))))
  (func (export "run") (result i32)
    (local $array (ref null $array)) (local $o (ref null $s))
    (local.set $o (struct.new $s (i32.const 42)))
    (local.set $array
      (array.new_fixed $array 3
        (local.get $o) (local.get $o) (local.get $o)))
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (array.get $array (local.get $array) (i32.const 2)))))

(assert_return (invoke "run") (i32.const 42))
