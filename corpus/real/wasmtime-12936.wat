;; What array.new_elem leaves on the operand stack is in no stack map.
;; record wasmtime#12936 fails 28.0.0 30.0.0 31.0.0 32.0.0 43.0.0 passes 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (import "slabhound" "gc" (func $gc))
  (type $array (array (mut i31ref)))
  (elem $elements i31ref (ref.i31 (i32.const 5)) (ref.i31 (i32.const 6)))
  (func (export "run") (result i32)
    (array.new_elem $array $elements (i32.const 0) (i32.const 2))
    (call $gc)
    (drop (array.new $array (ref.i31 (i32.const 99)) (i32.const 2)))
    (i31.get_u (array.get $array (i32.const 1)))))
