;; A load of an uninhabited type is known to be null, and its bounds check went with it.
;; record wasmtime#10353 fails 28.0.0 30.0.0 31.0.0 passes 32.0.0 43.0.0 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (table $table 10 (ref null none))
  (func (export "run") (result i32)
    (ref.is_null (table.get $table (i32.const 99)))))
