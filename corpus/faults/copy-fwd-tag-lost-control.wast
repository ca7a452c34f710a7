;; Two fields of a struct name one object, and each element of an array another one.
(module
  (type $s (struct (field (mut i32))))
  (type $pair (struct (field (mut (ref null $s))) (field (mut (ref null $s)))))
  (type $array (array (mut (ref null $s))))
  (type $nested (array (mut (ref null $array))))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (result i32)
    (local $s (ref null $s)) (local $pair (ref null $pair)) (local $nested (ref null $nested))
    (local.set $s (struct.new $s (i32.const 7)))
    (local.set $pair (struct.new $pair (local.get $s) (local.get $s)))
    (local.set $s (ref.null $s))
    ;; Arrays in an array find their forwarding.
    (local.set $nested (array.new $nested (array.new $array (struct.new $s (i32.const 8)) (i32.const 1)) (i32.const 2)))
    (call $gc)
    (struct.set $s 0 (struct.get $pair 0 (local.get $pair)) (i32.const 42))
    (i32.sub
      (struct.get $s 0 (struct.get $pair 1 (local.get $pair)))
      (ref.eq (array.get $nested (local.get $nested) (i32.const 0))
              (array.get $nested (local.get $nested) (i32.const 1))))))

(assert_return (invoke "run") (i32.const 41))
