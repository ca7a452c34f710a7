;; Barriers of externref take an i31 for an object and look at its reference count, far outside of the
;; heap here.
;; record wasmtime#10181 fails 28.0.0 30.0.0 31.0.0 passes 32.0.0 43.0.0 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (global $held (mut externref) (ref.null extern))
  (func (export "run") (result i32)
    (global.set $held (extern.convert_any (ref.i31 (i32.const 0x3fffffff))))
    (i31.get_u (ref.cast (ref i31) (any.convert_extern (global.get $held))))))
