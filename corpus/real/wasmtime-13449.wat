;; What the parameter held is an operand when the parameter is set again, in one block: the stack
;; maps know the new value only. (Budgets are calls here, so that the block stays whole.)
;; record wasmtime#13449 fails 32.0.0 43.0.0 44.0.0 45.0.0 passes 28.0.0 30.0.0 31.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (import "slabhound" "gc" (func $gc))
  (type $box (struct (field i32)))
  (func $held (param $box (ref null $box)) (result i32)
    (local.get $box)
    (local.set $box (struct.new $box (i32.const 6)))
    (call $gc)
    (drop (struct.new $box (i32.const 66)))
    (struct.get $box 0))
  (func (export "run") (result i32)
    (call $held (struct.new $box (i32.const 5)))))
