;; A global that was set at run time holds the only reference over a collection.
(module
  (type $s (struct (field (mut i32))))
  (import "slabhound" "gc" (func $gc))
  (global $g (mut (ref null $s)) (ref.null $s))
  (func (export "run") (result i32)
    (global.set $g (struct.new $s (i32.const 42)))
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (global.get $g))))

(assert_return (invoke "run") (i32.const 42))
