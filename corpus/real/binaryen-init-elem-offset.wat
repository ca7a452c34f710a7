;; record unmatched of binaryen fails 132.0.0 options known=off
;; does: returns the i31 of 1: its interpreter takes array.init_elem's offset into the segment as 0
;; specification 4.6.9 (execution of array.init_elem): the elements come from the offset on, here the
;;   i31 of 2
(module
  (type $a (array (mut i31ref)))
  (elem $e i31ref (ref.i31 (i32.const 1)) (ref.i31 (i32.const 2)))
  (func (export "f") (result i31ref)
    (local $array (ref $a))
    i32.const 1
    array.new_default $a
    local.tee $array
    i32.const 0
    i32.const 1
    i32.const 1
    array.init_elem $a $e
    local.get $array
    i32.const 0
    array.get $a))
