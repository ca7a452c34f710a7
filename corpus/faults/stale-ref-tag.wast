;; A number stands over a collection where an object stood before; 44 looks like the id of one.
(module
  (type $s (struct (field (mut i32))))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (result i32)
    (struct.get $s 0 (struct.new $s (i32.const 44)))
    (call $gc)))

(assert_return (invoke "run") (i32.const 44))
