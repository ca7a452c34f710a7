;; Globals and tables are the only roots; they are overwritten in loops.
(module
  (type $s (struct (field (mut i32)) (field (mut (ref null $s)))))
  (import "fuzzing-support" "log-i32" (func $log (param i32)))
  (table $t 4 (ref null $s))
  (global $g (mut (ref null $s)) (ref.null $s))
  (func (export "roots") (result i32) (local $i i32) (local $sum i32)
    (loop $again
      (table.set $t (i32.and (local.get $i) (i32.const 3)) (struct.new $s (local.get $i) (global.get $g)))
      (global.set $g (table.get $t (i32.and (i32.mul (local.get $i) (i32.const 3)) (i32.const 3))))
      (if (i32.eq (local.get $i) (i32.const 5))
        (then (table.fill $t (i32.const 1) (struct.new $s (i32.const 9) (ref.null $s)) (i32.const 2))))
      (if (ref.is_null (global.get $g)) (then) (else
        (local.set $sum (i32.add (local.get $sum) (struct.get $s 0 (global.get $g))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 10))))
    (call $log (local.get $sum))
    (local.get $sum)))
