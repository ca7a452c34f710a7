;; record unmatched of endive fails 1.2.0 options known=off
;; does: returns, or runs out of fuel; lengths of table.fill from 2^31 on count as none
;; specification 4.6 (execution of table.fill): lengths are unsigned; when index and length are together
;;   more than the table's length it traps
(module
  (table $t 4 anyref)
  (func (export "f")
    i32.const 0
    ref.null any
    i32.const -3
    table.fill $t))
