;; Lists are built, walked, reversed and dropped.
(module
  (type $n (struct (field $v (mut i32)) (field $next (mut (ref null $n)))))
  (import "fuzzing-support" "log-i32" (func $log (param i32)))
  (global $keep (mut (ref null $n)) (ref.null $n))
  (func $build (param $k i32) (result (ref null $n)) (local $l (ref null $n))
    (loop $again
      (local.set $l (struct.new $n (local.get $k) (local.get $l)))
      (local.set $k (i32.sub (local.get $k) (i32.const 1)))
      (br_if $again (i32.gt_s (local.get $k) (i32.const 0))))
    (local.get $l))
  (func $sum (param $l (ref null $n)) (result i32) (local $s i32)
    (block $done
      (loop $again
        (br_if $done (ref.is_null (local.get $l)))
        (local.set $s (i32.add (local.get $s) (struct.get $n $v (local.get $l))))
        (local.set $l (struct.get $n $next (local.get $l)))
        (br $again)))
    (local.get $s))
  (func (export "churn") (result i32) (local $i i32) (local $t i32)
    (loop $again
      (global.set $keep (call $build (i32.const 5)))
      (local.set $t (i32.add (local.get $t) (call $sum (call $build (i32.const 3)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 4))))
    (call $log (call $sum (global.get $keep)))
    (local.get $t)))
