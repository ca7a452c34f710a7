;; An operand is all that holds an array while a callee makes arrays of the same sizes.
(module
  (type $s (struct (field (mut i32))))
  (type $bytes (array (mut i8)))
  (type $refs (array (mut (ref null $s))))
  (type $small (array (mut i31ref)))
  (import "fuzzing-support" "log-i32" (func $log (param i32)))
  (data $d "\01\02\03\04\05\06\07\08\09\0a\0b\0c")
  (elem $e (ref null $s) (item (struct.new $s (i32.const 11))) (item (struct.new $s (i32.const 12))))
  (elem $f i31ref (item (ref.i31 (i32.const 13))) (item (ref.i31 (i32.const 14))))
  (func $churn (param $i i32) (result i32)
    (drop (array.new $bytes (i32.const 71) (i32.const 4)))
    (drop (array.new $refs (struct.new $s (i32.const 72)) (i32.const 2)))
    (drop (array.new $small (ref.i31 (i32.const 73)) (i32.const 2)))
    (local.get $i))
  (func $of_data (param $i i32) (result i32)
    (array.get_u $bytes
      (array.new_data $bytes $d (local.get $i) (i32.const 4)) (call $churn (i32.const 2))))
  (func $of_elem (param $i i32) (result i32)
    (i32.add
      (struct.get $s 0 (array.get $refs
        (array.new_elem $refs $e (i32.const 0) (i32.const 2)) (call $churn (i32.const 1))))
      (i31.get_u (array.get $small
        (array.new_elem $small $f (i32.const 0) (i32.const 2)) (call $churn (i32.const 0))))))
  (func $of_values (param $i i32) (result i32)
    (i32.add
      (struct.get $s 0 (array.get $refs
        (array.new_fixed $refs 2 (struct.new $s (i32.const 3)) (struct.new $s (call $churn (i32.const 4))))
        (call $churn (i32.const 0))))
      (array.get_u $bytes
        (array.new $bytes (local.get $i) (i32.const 4)) (call $churn (i32.const 3)))))
  (func (export "held") (result i32) (local $i i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $of_data (local.get $i))))
      (local.set $sum (i32.add (local.get $sum) (call $of_elem (local.get $i))))
      (local.set $sum (i32.add (local.get $sum) (call $of_values (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 3))))
    (call $log (local.get $sum))
    (local.get $sum)))
