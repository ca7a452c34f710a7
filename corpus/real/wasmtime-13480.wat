;; $base, used in the loop only, and $new, made there, share a slot of the frame for collections:
;; behind the loop $new is in none.
;; record wasmtime#13480 fails 45.0.0 passes 28.0.0 30.0.0 31.0.0 32.0.0 43.0.0 44.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (import "slabhound" "gc" (func $gc))
  (type $box (struct (field (mut i32))))
  (func (export "run") (result i32)
    (local $base (ref null $box)) (local $new (ref null $box)) (local $i i32) (local $sum i32)
    (local.set $base (struct.new $box (i32.const 100)))
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (struct.get $box 0 (local.get $base))))
      (local.set $new (struct.new $box (local.get $i)))
      (br_if $again
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))
    (call $gc)
    (drop (struct.new $box (i32.const 3)))
    (i32.add (local.get $sum) (struct.get $box 0 (local.get $new)))))
