;; record unmatched of endive fails 1.2.0 options known=off
;; does: ends with NegativeArraySizeException: lengths of array.new and array.new_default from 2^31
;;   on are taken as negative
;; specification 4.6.9 (execution of array.new): lengths are unsigned; an array that cannot be had
;;   ends the call, and the engine is whole
(module
  (type $longs (array (mut i64)))
  (func (export "asked") (result i32) (array.len (array.new_default $longs (i32.const 0x80000000))))
  (func (export "behind") (result i32) (array.len (array.new_default $longs (i32.const 5)))))
