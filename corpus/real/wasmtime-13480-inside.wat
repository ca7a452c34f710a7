;; The same cause, with a collection within the loop: what $new is overwrites $base in the slot that
;; they share, so that $base is freed at the next round.
;; record wasmtime#13480 fails 31.0.0 32.0.0 43.0.0 44.0.0 45.0.0 passes 28.0.0 30.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (import "slabhound" "gc" (func $gc))
  (type $box (struct (field i32)))
  (func $make (param $value i32) (result (ref $box))
    (call $gc)
    (drop (struct.new $box (i32.const 66)))
    (struct.new $box (local.get $value)))
  (func (export "run") (result i32)
    (local $base (ref null $box)) (local $new (ref null $box)) (local $i i32) (local $sum i32)
    (local.set $base (struct.new $box (i32.const 100)))
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (struct.get $box 0 (local.get $base))))
      (local.set $new (call $make (local.get $i)))
      (br_if $again
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3))))
    (call $gc)
    (i32.add (local.get $sum) (struct.get $box 0 (local.get $new)))))
