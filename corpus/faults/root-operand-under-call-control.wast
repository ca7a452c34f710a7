;; The same, but a local holds the object.
(module
  (type $s (struct (field (mut i32))))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (result i32) (local $o (ref null $s))
    (local.set $o (struct.new $s (i32.const 42)))
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (local.get $o))))

(assert_return (invoke "run") (i32.const 42))
