;; The same, but 43 looks like an i31.
(module
  (type $s (struct (field (mut i32))))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (result i32)
    (struct.get $s 0 (struct.new $s (i32.const 43)))
    (call $gc)))

(assert_return (invoke "run") (i32.const 43))
