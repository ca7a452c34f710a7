;; An object is freed that holds an i31 only.
(module
  (type $holder (struct (field (mut i31ref))))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (result i32) (local $i (ref null i31))
    (local.set $i (ref.i31 (i32.const 42)))
    (drop (struct.new $holder (local.get $i)))
    (call $gc)
    (drop (struct.new $holder (ref.null i31)))
    (i31.get_u (local.get $i))))

(assert_return (invoke "run") (i32.const 42))
