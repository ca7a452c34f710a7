;; The same, but the operands are i31s.
(module
  (type $array (array (mut i31ref)))
  (func (export "run") (result i32) (local $array (ref null $array))
    (local.set $array
      (array.new_fixed $array 3
        (ref.i31 (i32.const 40)) (ref.i31 (i32.const 41)) (ref.i31 (i32.const 42))))
    (drop (array.new_fixed $array 0))
    (i31.get_u (array.get $array (local.get $array) (i32.const 2)))))

(assert_return (invoke "run") (i32.const 42))
