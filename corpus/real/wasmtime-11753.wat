;; A call inside try_table loses its stack map: $box is freed in the callee.
;; record wasmtime#11753 fails 43.0.0 passes 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (import "slabhound" "gc" (func $gc))
  (type $box (struct (field i32)))
  (tag $tag)
  (func $callee
    (call $gc)
    (drop (struct.new $box (i32.const 66))))
  (func (export "run") (result i32)
    (local $box (ref null $box))
    (local.set $box (struct.new $box (i32.const 5)))
    (block $handler (try_table (catch $tag $handler) (call $callee)))
    (struct.get $box 0 (local.get $box))))
