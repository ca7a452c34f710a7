;; record unmatched of endive fails 1.2.0 options known=off
;; does: returns: an active data segment is still there after instantiation
;; specification 4.7.2 (instantiation): an active segment is dropped once it is copied, so that
;;   memory.init of one byte of it traps
(module
  (memory 1)
  (func (export "f")
    i32.const 0
    i32.const 0
    i32.const 1
    memory.init $d)
  (data $d (i32.const 76) "\f8"))
