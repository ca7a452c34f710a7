;; An object is freed that holds another one, which a frame holds too.
(module
  (type $s (struct (field (mut i32))))
  (type $holder (struct (field (mut (ref null $s)))))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (result i32) (local $s (ref null $s))
    (local.set $s (struct.new $s (i32.const 42)))
    (drop (struct.new $holder (local.get $s)))
    (call $gc)
    (drop (struct.new $holder (ref.null $s)))
    (struct.get $s 0 (local.get $s))))

(assert_return (invoke "run") (i32.const 42))
