;; record unmatched of endive fails 1.2.0 options known=off
;; does: ends with ArrayIndexOutOfBoundsException: a tail call of the function itself, behind an `if`,
;;   takes the frame's arguments from the wrong place
;; specification 4.6.2 (execution of return_call): the frame is left and the function is invoked with the operands
(module
  (global $left (mut i32) (i32.const 3))
  (func $f (result externref)
    global.get $left
    i32.eqz
    if
      unreachable
    end
    i32.const 0
    global.set $left
    return_call $f)
  (func (export "f")
    call $f
    drop))
