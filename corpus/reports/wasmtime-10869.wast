;; wasmtime#10869: each collection put the roots of tables into a list that never shrank; the memory
;; of the engine grew until its end. What a table holds must survive every one of many collections.
(module
  (import "wasmtime" "gc" (func $collect))
  (type $counter (struct (field (mut i64))))
  (table $held 8 (ref null struct))
  (func (export "count") (param $rounds i32) (result i64)
    (local $i i32)
    (table.set $held (i32.const 5) (struct.new $counter (i64.const 1000)))
    (loop $again
      (call $collect)
      (drop (struct.new $counter (i64.const -1)))
      (struct.set $counter 0 (ref.cast (ref $counter) (table.get $held (i32.const 5)))
        (i64.sub
          (struct.get $counter 0 (ref.cast (ref $counter) (table.get $held (i32.const 5))))
          (i64.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $rounds))))
    (struct.get $counter 0 (ref.cast (ref $counter) (table.get $held (i32.const 5))))))

(assert_return (invoke "count" (i32.const 1500)) (i64.const -500))
(assert_return (invoke "count" (i32.const 10)) (i64.const 990))
