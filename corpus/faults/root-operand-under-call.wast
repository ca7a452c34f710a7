;; An object waits on the operand stack while a call collects; its slot is used again.
(module
  (type $s (struct (field (mut i32))))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (result i32)
    (struct.new $s (i32.const 42))
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0)))

(assert_return (invoke "run") (i32.const 42))
