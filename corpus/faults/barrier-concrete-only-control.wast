;; A field of type anyref gets an i31, which no collector counts or remembers.
(module
  (type $s (struct (field (mut i32))))
  (type $holder (struct (field (mut anyref))))
  (import "slabhound" "gc" (func $gc))
  (global $holder (mut (ref null $holder)) (ref.null $holder))
  (func (export "age")
    (global.set $holder (struct.new_default $holder))
    (call $gc) (call $gc) (call $gc) (call $gc))
  (func (export "run") (result i32)
    (struct.set $holder 0 (global.get $holder) (ref.i31 (i32.const 42)))
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (i31.get_u (ref.cast (ref i31) (struct.get $holder 0 (global.get $holder))))))

(assert_return (invoke "age"))
(assert_return (invoke "run") (i32.const 42))
