;; The last reference is null when the object grows old, and comes later.
(module
  (type $s (struct (field (mut i32))))
  (type $pair (struct (field (mut (ref null $s))) (field (mut (ref null $s)))))
  (import "slabhound" "gc" (func $gc))
  (global $pair (mut (ref null $pair)) (ref.null $pair))
  (func (export "run") (result i32)
    (global.set $pair (struct.new $pair (struct.new $s (i32.const 41)) (ref.null $s)))
    (call $gc) (call $gc) (call $gc)
    (struct.set $pair 1 (global.get $pair) (struct.new $s (i32.const 42)))
    (struct.get $s 0 (struct.get $pair 1 (global.get $pair)))))

(assert_return (invoke "run") (i32.const 42))
