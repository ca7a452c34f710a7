;; Found by a campaign in the oracle: the bytes of so many elements were counted in 32 bits, and came to none, so that the
;; segment had room for them.
(module
  (type $a (array (mut i16)))
  (data $d "")
  (func (export "new") (param $count i32) (result i32)
    (array.len (array.new_data $a $d (i32.const 0) (local.get $count)))))

(assert_trap (invoke "new" (i32.const 0x80000000)) "out of bounds memory access")
(assert_trap (invoke "new" (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "new" (i32.const 0)) (i32.const 0))
