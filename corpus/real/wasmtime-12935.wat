;; What array.new_data leaves on the operand stack is in no stack map.
;; record wasmtime#12935 fails 28.0.0 30.0.0 31.0.0 32.0.0 43.0.0 passes 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (import "slabhound" "gc" (func $gc))
  (type $bytes (array (mut i8)))
  (data $data "\05\06\07\08")
  (func (export "run") (result i32)
    (array.new_data $bytes $data (i32.const 0) (i32.const 4))
    (call $gc)
    (drop (array.new $bytes (i32.const 99) (i32.const 4)))
    (array.get_u $bytes (i32.const 2))))
