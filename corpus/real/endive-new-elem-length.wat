;; record unmatched of endive fails 1.2.0 options known=off
;; does: ends with NegativeArraySizeException: lengths of array.new_elem from 2^31 on are taken as
;;   negative
;; specification 4.6.9 (execution of array.new_elem): lengths are unsigned; where offset and length
;;   together are more than the segment's length it traps
(module
  (type $a (array anyref))
  (elem $e anyref)
  (func (export "f")
    i32.const 0
    i32.const -49
    array.new_elem $a $e
    drop))
