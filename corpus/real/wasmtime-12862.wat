;; What a select leaves on the operand stack is in no stack map: the collection frees it, and the
;; next object gets its slot.
;; record wasmtime#12862 fails 31.0.0 32.0.0 43.0.0 passes 28.0.0 30.0.0 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (import "slabhound" "gc" (func $gc))
  (type $box (struct (field i32)))
  (func (export "run") (result i32)
    (select (result (ref $box))
      (struct.new $box (i32.const 5)) (struct.new $box (i32.const 6)) (i32.const 1))
    (call $gc)
    (drop (struct.new $box (i32.const 77)))
    (drop (struct.new $box (i32.const 78)))
    (struct.get $box 0)))
