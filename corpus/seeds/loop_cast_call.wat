;; An object lives across nested loops; the outer loop allocates arrays of its size, the inner one casts and stores.
(module
  (type $f (func (result i32)))
  (type $s (sub (struct (field (mut funcref)) (field (mut i32)))))
  (type $a (array (mut i32)))
  (import "fuzzing-support" "log-i32" (func $log (param i32)))
  (elem declare func $seven)
  (func $seven (type $f) (i32.const 7))
  (func (export "run") (result i32)
    (local $o (ref null $s)) (local $x (ref null $a)) (local $i i32) (local $j i32) (local $sum i32)
    (local.set $o (struct.new $s (ref.func $seven) (i32.const 1)))
    (loop $outer
      (local.set $x (array.new $a (i32.const 1) (i32.const 4)))
      (local.set $j (i32.const 0))
      (loop $inner
        (array.set $a (ref.cast (ref $a) (local.get $x)) (local.get $j) (local.get $i))
        (local.set $j (i32.add (local.get $j) (i32.const 1)))
        (br_if $inner (i32.lt_u (local.get $j) (i32.const 3))))
      (local.set $sum (i32.add (local.get $sum)
        (call_ref $f (ref.cast (ref $f) (struct.get $s 0 (local.get $o))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $outer (i32.lt_u (local.get $i) (i32.const 6))))
    (call $log (local.get $sum))
    (local.get $sum)))
