;; Empty structs are smaller than the smallest block: that of $first, freed, takes in $second, and
;; the next object lies upon both.
;; record wasmtime#10349 fails 31.0.0 passes 28.0.0 30.0.0 32.0.0 43.0.0 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (import "slabhound" "gc" (func $gc))
  (type $empty (struct))
  (type $wide (struct (field i64) (field i64) (field i64)))
  (func (export "run") (result i32)
    (local $first (ref null $empty)) (local $second (ref null eq))
    (local.set $first (struct.new $empty))
    (local.set $second (struct.new $empty))
    (local.set $first (ref.null $empty))
    (call $gc)
    (drop (struct.new $wide (i64.const -1) (i64.const -1) (i64.const -1)))
    (ref.test (ref $empty) (local.get $second))))
