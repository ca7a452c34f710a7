;; The same with objects that fill their slots.
(module
  (type $t (struct (field i64) (field i64) (field i64)))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (result i64)
    (local $0 (ref null $t)) (local $1 (ref null $t)) (local $2 (ref null $t)) (local $3 (ref null $t)) (local $4 (ref null $t))
    (local.set $0 (struct.new $t (i64.const 0) (i64.const 0) (i64.const 0)))
    (local.set $1 (struct.new $t (i64.const 1) (i64.const 0) (i64.const 0)))
    (local.set $2 (struct.new $t (i64.const 2) (i64.const 0) (i64.const 0)))
    (local.set $3 (struct.new $t (i64.const 3) (i64.const 0) (i64.const 0)))
    (local.set $4 (struct.new $t (i64.const 4) (i64.const 0) (i64.const 0)))
    (drop (struct.get $t 0 (local.get $3)))
    (call $gc)
    (drop (struct.new_default $t))
    (i64.add (struct.get $t 0 (local.get $0)) (struct.get $t 0 (local.get $1)))
    (i64.add (struct.get $t 0 (local.get $2)))
    (i64.add (struct.get $t 0 (local.get $4)))))

(assert_return (invoke "run") (i64.const 7))
