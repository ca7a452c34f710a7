;; record unmatched of endive fails 1.2.0 options known=off
;; does: returns: the sum of index and length of array.fill is taken as negative
;; specification 4.6.9 (execution of array.fill): indices and lengths are unsigned; when they are together
;;   more than the array's length it traps
(module
  (type $a (array (mut i64)))
  (func (export "f")
    array.new_fixed $a 0
    i32.const -129
    i64.const 0
    i32.const 0
    array.fill $a))
