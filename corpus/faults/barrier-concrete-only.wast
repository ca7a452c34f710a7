;; A field of type anyref gets the only reference to an object, long after its holder was made.
(module
  (type $s (struct (field (mut i32))))
  (type $holder (struct (field (mut anyref))))
  (import "slabhound" "gc" (func $gc))
  (global $holder (mut (ref null $holder)) (ref.null $holder))
  (func (export "age")
    (global.set $holder (struct.new_default $holder))
    (call $gc) (call $gc) (call $gc) (call $gc))
  (func (export "run") (result i32)
    (struct.set $holder 0 (global.get $holder) (struct.new $s (i32.const 42)))
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (ref.cast (ref $s) (struct.get $holder 0 (global.get $holder))))))

(assert_return (invoke "age"))
(assert_return (invoke "run") (i32.const 42))
