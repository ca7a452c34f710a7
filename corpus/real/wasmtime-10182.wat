;; Each array.copy takes one reference too many from what it copies: the box is freed while the
;; array holds it.
;; record wasmtime#10182 fails 28.0.0 30.0.0 31.0.0 passes 32.0.0 43.0.0 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (import "slabhound" "gc" (func $gc))
  (type $box (struct (field i32)))
  (type $array (array (mut (ref null $box))))
  (func (export "run") (result i32)
    (local $array (ref null $array)) (local $i i32)
    (local.set $array (array.new $array (struct.new $box (i32.const 5)) (i32.const 1)))
    (loop $again
      (array.copy $array $array
        (local.get $array) (i32.const 0) (local.get $array) (i32.const 0) (i32.const 1))
      (call $gc)
      (br_if $again
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5))))
    (drop (struct.new $box (i32.const 66)))
    (struct.get $box 0 (array.get $array (local.get $array) (i32.const 0)))))
