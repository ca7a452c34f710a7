;; What an old object holds is old, too.
(module
  (type $s (struct (field (mut i32))))
  (type $holder (struct (field (mut (ref null $s)))))
  (import "slabhound" "gc" (func $gc))
  (global $holder (mut (ref null $holder)) (ref.null $holder))
  (func (export "run") (result i32)
    (global.set $holder (struct.new $holder (struct.new $s (i32.const 42))))
    (call $gc) (call $gc) (call $gc) (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (struct.get $holder 0 (global.get $holder)))))

(assert_return (invoke "run") (i32.const 42))
