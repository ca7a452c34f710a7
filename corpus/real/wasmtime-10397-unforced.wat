;; The founding bug with no collection asked for: the heap fills up after some thousand rounds, and
;; the collection that follows frees $closure, which the stack maps inside the loops miss.
;; record wasmtime#10397 fails 31.0.0 passes 32.0.0 43.0.0 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options gc=none
(module
  (type $callee (func (param i32) (result i32)))
  (type $closure (struct (field (ref null $callee))))
  (type $array (array (mut i32)))
  (func $increment (type $callee)
    (i32.add (local.get 0) (i32.const 1)))
  (elem declare func $increment)
  (func (export "run") (result i32)
    (local $closure (ref null $closure)) (local $count i32)
    (local.set $closure (struct.new $closure (ref.func $increment)))
    (loop $outer
      (drop (array.new_default $array (i32.const 1)))
      (loop $inner (br_if $inner (i32.const 0)))
      (local.set $count
        (call_ref $callee (local.get $count) (struct.get $closure 0 (local.get $closure))))
      (br_if $outer (i32.lt_u (local.get $count) (i32.const 30000))))
    (local.get $count)))
