;; record unmatched of endive fails 1.2.0 options known=off
;; does: ends with ArrayIndexOutOfBoundsException: indices of array.init_data from 2^31 on are taken
;;   as negative
;; specification 4.6.9 (execution of array.init_data): indices are unsigned; outside of the array it traps
(module
  (type $a (array (mut i8)))
  (func (export "f")
    array.new_fixed $a 0
    i32.const -1
    i32.const 0
    i32.const 1
    array.init_data $a $d)
  (data $d "\01"))
