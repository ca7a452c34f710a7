;; An array of 4 GiB as a global's value: "unrecoverable error when allocating new arrayref", later a
;; size that wraps.
;; record wasmtime#13034 fails 28.0.0 30.0.0 31.0.0 32.0.0 43.0.0 44.0.0 passes 45.0.0 46.0.1 48.0.0 50.0.1
(module
  (type $words (array (mut i32)))
  (global $words (ref $words) (array.new $words (i32.const 1) (i32.const 1073741817)))
  (func (export "run") (result i32) (array.len (global.get $words))))
