;; Arrays that take slabs of their own, some kept and some not, so that a small heap is nearly full of what lives.
(module
  (type $longs (array (mut i64)))
  (type $refs (array (mut (ref null $longs))))
  (type $node (struct (field (mut i32)) (field (mut (ref null $longs))) (field (mut (ref null $node)))))
  (import "fuzzing-support" "log-i32" (func $log (param i32)))
  (global $kept (mut (ref null $node)) (ref.null $node))
  (func $make (param $i i32) (result (ref $longs))
    (drop (array.new $longs (i64.const -1) (i32.const 500)))
    (array.new $longs (i64.extend_i32_u (local.get $i)) (i32.add (i32.const 1800) (local.get $i))))
  (func $sum (result i32) (local $n (ref null $node)) (local $t i32)
    (local.set $n (global.get $kept))
    (loop $again
      (block $end
        (local.set $t (i32.add (local.get $t) (i32.add
          (struct.get $node 0 (br_on_null $end (local.get $n)))
          (i32.wrap_i64 (array.get $longs (struct.get $node 1 (local.get $n)) (i32.const 1799))))))
        (local.set $n (struct.get $node 2 (local.get $n)))
        (br $again)))
    (local.get $t))
  (func (export "large") (result i32) (local $i i32) (local $t i32) (local $r (ref $refs))
    (local.set $r (array.new_default $refs (i32.const 5)))
    (loop $again
      (global.set $kept (struct.new $node (local.get $i) (call $make (local.get $i)) (global.get $kept)))
      (array.set $refs (local.get $r) (local.get $i) (struct.get $node 1 (global.get $kept)))
      (local.set $t (i32.add (local.get $t) (call $sum)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 5))))
    (array.set $longs (array.get $refs (local.get $r) (i32.const 2)) (i32.const 1799) (i64.const 50))
    (array.fill $refs (local.get $r) (i32.const 0) (ref.null $longs) (i32.const 2))
    (local.set $t (i32.add (local.get $t) (call $sum)))
    (global.set $kept (struct.get $node 2 (struct.get $node 2 (global.get $kept))))
    (call $log (local.get $t))
    (i32.add (local.get $t) (call $sum))))
