;; More elements than the segment has bytes.
(module
  (type $a (array (mut i32)))
  (data $d "\01\02\03")
  (func (export "new") (param $count i32) (result i32)
    (array.len (array.new_data $a $d (i32.const 0) (local.get $count))))
  (func (export "init") (param $count i32)
    (array.init_data $a $d
      (array.new_default $a (i32.const 8)) (i32.const 0) (i32.const 0) (local.get $count))))

(assert_trap (invoke "new" (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 4)) "out of bounds memory access")
