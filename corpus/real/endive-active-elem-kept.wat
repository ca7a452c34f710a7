;; record unmatched of endive fails 1.2.0 options known=off
;; does: returns: an active element segment is still there after instantiation
;; specification 4.7.2 (instantiation): an active segment is dropped once it is copied, so that
;;   array.new_elem of one element of it traps
(module
  (type $a (array i31ref))
  (table 1 i31ref)
  (elem $e (i32.const 0) i31ref (item ref.null i31))
  (func (export "f")
    i32.const 0
    i32.const 1
    array.new_elem $a $e
    drop))
