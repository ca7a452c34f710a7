;; record unmatched of endive fails 1.2.0 options known=off
;; does: returns; lengths of array.copy from 2^31 on count as none
;; specification 4.6.9 (execution of array.copy): lengths are unsigned; when offset and length together are
;;   more than the array's length it traps
(module
  (type $a (array (mut anyref)))
  (func (export "f")
    array.new_fixed $a 0
    i32.const 0
    array.new_fixed $a 0
    i32.const 0
    i32.const -34
    array.copy $a $a))
