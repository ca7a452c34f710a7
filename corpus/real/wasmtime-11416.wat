;; table.init takes no share in what it puts into the table: the object is freed there.
;; record wasmtime#11416 fails 28.0.0 30.0.0 31.0.0 32.0.0 passes 43.0.0 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (import "slabhound" "gc" (func $gc))
  (type $box (struct (field i32)))
  (table $table 1 (ref null $box))
  (elem $elements (ref null $box) (struct.new $box (i32.const 5)))
  (func (export "run") (result i32)
    (table.init $table $elements (i32.const 0) (i32.const 0) (i32.const 1))
    (call $gc)
    (drop (struct.new $box (i32.const 66)))
    (drop (struct.new $box (i32.const 67)))
    (struct.get $box 0 (table.get $table (i32.const 0)))))
