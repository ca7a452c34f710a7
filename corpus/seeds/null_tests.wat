;; What does not change in a loop, tested, cast and read there: nulls of each hierarchy, and reads
;; behind a test for null that fails.
(module
  (type $f (func (param i32) (result i32)))
  (type $s (sub (struct (field i32) (field (ref null $f)))))
  (type $t (sub $s (struct (field i32) (field (ref null $f)) (field i64))))
  (type $a (array (mut i32)))
  (import "fuzzing-support" "log-i32" (func $log (param i32)))
  (elem declare func $twice)
  (func $twice (type $f) (i32.mul (local.get 0) (i32.const 2)))
  (func $functions (param $r funcref) (param $n i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (ref.test (ref $f) (ref.null $f))))
      (local.set $sum (i32.add (local.get $sum) (ref.test (ref $f) (local.get $r))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (i32.gt_s (local.get $n) (i32.const 0))))
    (local.get $sum))
  (func $objects (param $r (ref null $s)) (param $l (ref null $a)) (param $n i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (ref.test (ref $t) (local.get $r))))
      (if (i32.eqz (ref.is_null (local.get $r))) (then
        (local.set $sum (i32.add (local.get $sum) (struct.get $s 0 (local.get $r))))
        (if (i32.eqz (ref.is_null (struct.get $s 1 (local.get $r)))) (then
          (local.set $sum (call_ref $f (local.get $sum) (struct.get $s 1 (local.get $r))))))))
      (if (i32.eqz (ref.is_null (local.get $l))) (then
        (local.set $sum (i32.add (local.get $sum) (array.get $a (local.get $l) (i32.const 1))))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (i32.gt_s (local.get $n) (i32.const 0))))
    (local.get $sum))
  (func (export "never") (result i32)
    (loop $again
      (br_if $again (ref.test (ref $f) (ref.null $f)))
      (br_if $again (ref.test (ref $s) (ref.null none))))
    (call $objects (ref.null none) (ref.null none) (i32.const 2)))
  (func (export "tests") (result i32) (local $sum i32)
    (local.set $sum (i32.add
      (call $functions (ref.null nofunc) (i32.const 2)) (call $functions (ref.func $twice) (i32.const 3))))
    (local.set $sum (i32.add (local.get $sum) (call $objects
      (struct.new $t (i32.const 5) (ref.null nofunc) (i64.const 6)) (ref.null $a) (i32.const 3))))
    (local.set $sum (i32.add (local.get $sum) (call $objects
      (struct.new $s (i32.const 7) (ref.func $twice)) (array.new $a (i32.const 8) (i32.const 2)) (i32.const 3))))
    (call $log (local.get $sum))
    (local.get $sum)))
