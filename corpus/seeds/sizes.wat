;; Objects of many sizes are made, dropped in patterns and made again, so that free blocks are
;; split and merged between live ones; wide structures and long arrays are among them.
(module
  (type $empty (struct))
  (type $small (sub (struct (field (mut i32)))))
  (type $bytes (array (mut i8)))
  (type $any (array (mut anyref)))
  (type $wide (struct
    (field (mut i32)) (field (mut anyref)) (field (mut i64)) (field (mut i8)) (field (mut anyref))
    (field (mut anyref)) (field (mut i16)) (field (mut anyref)) (field (mut anyref)) (field (mut f64))
    (field (mut anyref)) (field (mut anyref)) (field (mut anyref)) (field (mut anyref)) (field (mut anyref))
    (field (mut anyref)) (field (mut anyref)) (field (mut anyref)) (field (mut anyref)) (field (mut anyref))
    (field (mut anyref)) (field (mut anyref)) (field (mut anyref)) (field (mut anyref)) (field (mut anyref))
    (field (mut anyref)) (field (mut anyref)) (field (mut anyref)) (field (mut i32))))
  (import "fuzzing-support" "log-i32" (func $log (param i32)))
  (func $weigh (param $r anyref) (result i32) (local $b (ref $bytes))
    (if (ref.test (ref $bytes) (local.get $r)) (then
      (local.set $b (ref.cast (ref $bytes) (local.get $r)))
      (if (array.len (local.get $b)) (then
        (return (i32.add
          (array.get_u $bytes (local.get $b) (i32.const 0))
          (array.get_u $bytes (local.get $b) (i32.sub (array.len (local.get $b)) (i32.const 1)))))))
      (return (i32.const 1))))
    (if (ref.test (ref $wide) (local.get $r)) (then
      (return (i32.add
        (struct.get $wide 28 (ref.cast (ref $wide) (local.get $r)))
        (call $weigh (struct.get $wide 27 (ref.cast (ref $wide) (local.get $r))))))))
    (if (ref.test (ref $small) (local.get $r)) (then
      (return (struct.get $small 0 (ref.cast (ref $small) (local.get $r))))))
    (i32.add (i32.const 2) (ref.test (ref $empty) (local.get $r))))
  (func $make (param $i i32) (result anyref) (local $w (ref $wide))
    (if (i32.eqz (i32.rem_u (local.get $i) (i32.const 7))) (then
      (local.set $w (struct.new_default $wide))
      (struct.set $wide 28 (local.get $w) (local.get $i))
      (struct.set $wide 27 (local.get $w) (array.new $bytes (local.get $i) (i32.const 9)))
      (return (local.get $w))))
    (if (i32.eqz (i32.rem_u (local.get $i) (i32.const 2))) (then (return (struct.new $empty))))
    (if (i32.eqz (i32.rem_u (local.get $i) (i32.const 5))) (then (return (struct.new $small (local.get $i)))))
    (array.new $bytes (local.get $i)
      (i32.rem_u (i32.mul (local.get $i) (i32.const 13)) (i32.const 61))))
  (func (export "sizes") (result i32) (local $pool (ref $any)) (local $i i32) (local $t i32)
    (local.set $pool (array.new_default $any (i32.const 24)))
    (loop $again
      (array.set $any (local.get $pool)
        (i32.rem_u (i32.mul (local.get $i) (i32.const 5)) (i32.const 24)) (call $make (local.get $i)))
      (if (i32.eqz (i32.and (local.get $i) (i32.const 3))) (then
        (array.set $any (local.get $pool) (i32.rem_u (local.get $i) (i32.const 24)) (ref.null any))))
      (local.set $t (i32.add (local.get $t)
        (call $weigh (array.get $any (local.get $pool)
          (i32.rem_u (i32.mul (local.get $i) (i32.const 11)) (i32.const 24))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 150))))
    (call $log (local.get $t))
    (local.get $t)))
