;; The last field of an object that grows old holds the only reference to another one.
(module
  (type $s (struct (field (mut i32))))
  (type $pair (struct (field (mut (ref null $s))) (field (mut (ref null $s)))))
  (import "slabhound" "gc" (func $gc))
  (global $pair (mut (ref null $pair)) (ref.null $pair))
  (func (export "run") (result i32)
    (global.set $pair
      (struct.new $pair (struct.new $s (i32.const 41)) (struct.new $s (i32.const 42))))
    (call $gc) (call $gc) (call $gc)
    (if (ref.is_null (struct.get $pair 1 (global.get $pair))) (then (return (i32.const 0))))
    (struct.get $s 0 (struct.get $pair 1 (global.get $pair)))))

(assert_return (invoke "run") (i32.const 42))
