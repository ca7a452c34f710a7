;; What the struct of a constant expression holds is freed: the next object gets its slot. Its fields
;; take the way of array.copy's elements, which #10374 mended for both.
;; record wasmtime#10182 fails 28.0.0 30.0.0 31.0.0 passes 32.0.0 43.0.0 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (type $node (struct (field i32) (field (ref null $node))))
  (global $list (ref $node)
    (struct.new $node (i32.const 1) (struct.new $node (i32.const 2) (ref.null $node))))
  (func (export "run") (result i32)
    (drop (struct.new $node (i32.const 3) (ref.null $node)))
    (struct.get $node 0 (struct.get $node 1 (global.get $list)))))
