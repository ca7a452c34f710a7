;; The argument stands where the caller has its own parameter.
(module
  (type $s (struct (field (mut i32))))
  (import "slabhound" "gc" (func $gc))
  (func $callee (param $o (ref $s)) (result i32)
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (local.get $o)))
  (func $caller (param i32) (result i32)
    (return_call $callee (struct.new $s (local.get 0))))
  (func (export "run") (result i32)
    (call $caller (i32.const 42))))

(assert_return (invoke "run") (i32.const 42))
