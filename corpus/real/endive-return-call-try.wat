;; record unmatched of endive fails 1.2.0 options known=off
;; does: ends with ArrayIndexOutOfBoundsException where a function tail-calls itself out of a try_table
;; specification 4.6.2 (execution of return_call): the frame is left, with its handlers, and the function is
;;   invoked with the operands
(module
  (global $left (mut i32) (i32.const 3))
  (func $f (result i32)
    global.get $left
    i32.eqz
    if
      i32.const 1
      return
    end
    i32.const 0
    global.set $left
    block $caught (result exnref)
      try_table (catch_all_ref $caught)
        return_call $f
      end
      unreachable
    end
    unreachable)
  (func (export "f") (result i32)
    call $f))
