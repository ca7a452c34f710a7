;; array.fill takes the index times the size for the number of bytes, and fills nothing at index 0.
;; record wasmtime#10467 fails 28.0.0 30.0.0 31.0.0 passes 32.0.0 43.0.0 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (type $array (array (mut i32)))
  (func (export "run") (result i32)
    (local $array (ref null $array))
    (local.set $array (array.new_default $array (i32.const 4)))
    (array.fill $array (local.get $array) (i32.const 0) (i32.const 42) (i32.const 1))
    (array.get $array (local.get $array) (i32.const 0))))
