;; Rounds of a sieve over 1,000 bytes: packed elements and nested loops.
(module
  (type $bytes (array (mut i8)))
  (func (export "run") (param $rounds i32) (result i32)
    (local $marks (ref $bytes)) (local $at i32) (local $multiple i32) (local $sum i32)
    (local.set $marks (array.new_default $bytes (i32.const 1000)))
    (loop $round
      (array.fill $bytes (local.get $marks) (i32.const 0) (i32.const 0) (i32.const 1000))
      (local.set $at (i32.const 2))
      (loop $next
        (if (i32.eqz (array.get_u $bytes (local.get $marks) (local.get $at)))
          (then
            (local.set $sum (i32.add (local.get $sum) (local.get $at)))
            (local.set $multiple (i32.mul (local.get $at) (i32.const 2)))
            (block $done
              (loop $mark
                (br_if $done (i32.ge_u (local.get $multiple) (i32.const 1000)))
                (array.set $bytes (local.get $marks) (local.get $multiple) (i32.const 1))
                (local.set $multiple (i32.add (local.get $multiple) (local.get $at)))
                (br $mark)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $at) (i32.const 1000))))
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $round (local.get $rounds)))
    (local.get $sum)))
