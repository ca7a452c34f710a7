;; Wasmtime before 32 lets go of an object without letting go of what its fields hold (issue 9701): each $inner is kept.
(module
  (type $inner (struct (field i32)))
  (type $outer (struct (field (ref $inner))))
  (func (export "run") (drop (struct.new $outer (struct.new $inner (i32.const 1))))))
