;; A table holds the only reference to an object that is young.
(module
  (type $s (struct (field (mut i32))))
  (import "slabhound" "gc" (func $gc))
  (table $table 2 (ref null $s))
  (func (export "run") (result i32)
    (table.set $table (i32.const 0) (struct.new $s (i32.const 42)))
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (table.get $table (i32.const 0)))))

(assert_return (invoke "run") (i32.const 42))
