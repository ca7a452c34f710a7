;; record unmatched of endive fails 1.2.0 options known=off
;; does: returns 7: an operand that $tail left below the tail call's own stays on the caller's stack
;; specification 4.6.2 (execution of return_call): the frame is left with all that is on its stack, and the
;;   function is invoked with the operands alone
(module
  (func $zero (result i32)
    i32.const 0)
  (func $tail (result i32)
    i32.const 7
    return_call $zero)
  (func (export "f") (result i32)
    call $tail
    call $tail
    i32.add))
