;; record unmatched of endive fails 1.2.0 options known=off
;; does: ends with ArrayIndexOutOfBoundsException where a function with locals tail-calls itself
;; specification 4.6.2 (execution of return_call): the frame is left and the function is invoked with the
;;   operands; its locals are new
(module
  (global $left (mut i32) (i32.const 3))
  (func $f (result i32)
    (local i32)
    global.get $left
    i32.eqz
    if
      i32.const 1
      return
    end
    i32.const 0
    global.set $left
    return_call $f)
  (func (export "f") (result i32)
    call $f))
