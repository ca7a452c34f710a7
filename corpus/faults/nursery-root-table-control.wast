;; A table names an object that is old.
(module
  (type $s (struct (field (mut i32))))
  (import "slabhound" "gc" (func $gc))
  (table $table 2 (ref null $s))
  (global $s (mut (ref null $s)) (ref.null $s))
  (func (export "age")
    (global.set $s (struct.new $s (i32.const 42)))
    (call $gc) (call $gc) (call $gc) (call $gc))
  (func (export "run") (result i32)
    (table.set $table (i32.const 0) (global.get $s))
    (global.set $s (ref.null $s))
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (table.get $table (i32.const 0)))))

(assert_return (invoke "age"))
(assert_return (invoke "run") (i32.const 42))
