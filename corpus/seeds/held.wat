;; Whatever instruction made it, an operand is all that holds an object while a callee drops the
;; rest and makes objects of the same sizes.
(module
  (type $s (struct (field (mut i32))))
  (type $holder (struct (field (mut (ref null $s)))))
  (import "fuzzing-support" "log-i32" (func $log (param i32)))
  (table $t 2 (ref null $s))
  (global $g (mut (ref null $s)) (ref.null $s))
  (func $churn (param $i i32) (result i32)
    (table.set $t (i32.const 0) (ref.null $s))
    (global.set $g (ref.null $s))
    (drop (struct.new $s (i32.const 70)))
    (drop (struct.new $holder (struct.new $s (i32.const 71))))
    (drop (struct.new $s (i32.const 73)))
    (local.get $i))
  (func $make (param $i i32) (result (ref null $s))
    (table.set $t (i32.const 0) (struct.new $s (local.get $i)))
    (global.set $g (struct.new $s (i32.add (local.get $i) (i32.const 20))))
    (struct.new $s (i32.add (local.get $i) (i32.const 40))))
  (func $read (param $r (ref null $s)) (param $i i32) (result i32)
    (i32.add (struct.get $s 0 (local.get $r)) (local.get $i)))
  (func $branches (param $i i32) (result i32)
    (i32.add
      (call $read
        (select (result (ref null $s)) (struct.new $s (local.get $i)) (call $make (local.get $i))
          (i32.and (local.get $i) (i32.const 1)))
        (call $churn (i32.const 4)))
      (call $read
        (if (result (ref null $s)) (i32.and (local.get $i) (i32.const 1))
          (then (struct.new $s (i32.const 5)))
          (else (block $cast (result (ref $s))
            (br_on_cast $cast (ref null any) (ref $s) (struct.new $s (i32.const 6)))
            (unreachable))))
        (call $churn (i32.const 7)))))
  (func $loads (param $i i32) (result i32)
    (i32.add
      (i32.add
        (call $read (block (result (ref null $s)) (drop (call $make (local.get $i))) (table.get $t (i32.const 0)))
          (call $churn (i32.const 1)))
        (call $read (block (result (ref null $s)) (drop (call $make (local.get $i))) (global.get $g))
          (call $churn (i32.const 2))))
      (i32.add
        (call $read (struct.get $holder 0 (struct.new $holder (call $make (local.get $i)))) (call $churn (i32.const 3)))
        (call $read
          (ref.cast (ref $s) (any.convert_extern (extern.convert_any (struct.new $s (local.get $i)))))
          (call $churn (i32.const 4))))))
  (func (export "held") (result i32) (local $i i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $branches (local.get $i))))
      (local.set $sum (i32.add (local.get $sum) (call $loads (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 3))))
    (call $log (local.get $sum))
    (local.get $sum)))
