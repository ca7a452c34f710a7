;; The same loop, but the object is needed behind the collection too.
(module
  (type $s (struct (field (mut i32))))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (param $rounds i32) (result i32)
    (local $o (ref null $s)) (local $sum i32)
    (local.set $o (struct.new $s (i32.const 42)))
    (loop $again
      (call $gc)
      (drop (struct.new $s (i32.const 7)))
      (local.set $sum (i32.add (local.get $sum) (struct.get $s 0 (local.get $o))))
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $again (local.get $rounds)))
    (local.get $sum)))

(assert_return (invoke "run" (i32.const 1)) (i32.const 42))
(assert_return (invoke "run" (i32.const 3)) (i32.const 126))
