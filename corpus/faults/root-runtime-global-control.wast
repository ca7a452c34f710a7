;; The global has its object from instantiation on; one that could be set holds null.
(module
  (type $s (struct (field (mut i32))))
  (import "slabhound" "gc" (func $gc))
  (global $g (ref $s) (struct.new $s (i32.const 42)))
  (global (mut (ref null $s)) (ref.null $s))
  (func (export "run") (result i32)
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (global.get $g))))

(assert_return (invoke "run") (i32.const 42))
