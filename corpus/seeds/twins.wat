;; Types that are equal, though written twice, and types that are nearly so: what is one is taken for the other where it
;; must be, and only there.
(module
  (rec (type $a (sub (struct (field (mut i32))))) (type $b (sub $a (struct (field (mut i32)) (field (ref null $a))))))
  (rec (type $a2 (sub (struct (field (mut i32))))) (type $b2 (sub $a2 (struct (field (mut i32)) (field (ref null $a2))))))
  (rec (type $c (sub (struct (field (mut i32))))) (type $d (sub $c (struct (field (mut i32)) (field (ref $c))))))
  (type $e (sub (struct (field (mut i32)))))
  (type $e2 (sub (struct (field (mut i32)))))
  (type $final (sub final (struct (field (mut i32)))))
  (type $const (sub (struct (field i32))))
  (type $f (sub $e (struct (field (mut i32)) (field i64))))
  (type $f2 (sub $e2 (struct (field (mut i32)) (field i64))))
  (type $x (array (mut anyref)))
  (import "fuzzing-support" "log-i32" (func $log (param i32)))
  (func $tell (param $o anyref) (result i32)
    (i32.or (i32.or (i32.or (ref.test (ref $a2) (local.get $o)) (i32.shl (ref.test (ref $b2) (local.get $o)) (i32.const 1)))
        (i32.or (i32.shl (ref.test (ref $c) (local.get $o)) (i32.const 2)) (i32.shl (ref.test (ref $d) (local.get $o)) (i32.const 3))))
      (i32.or (i32.or (i32.shl (ref.test (ref $e2) (local.get $o)) (i32.const 4)) (i32.shl (ref.test (ref $final) (local.get $o)) (i32.const 5)))
        (i32.or (i32.shl (ref.test (ref $const) (local.get $o)) (i32.const 6)) (i32.shl (ref.test (ref null $f2) (local.get $o)) (i32.const 7))))))
  (func (export "twins") (result i32) (local $i i32) (local $t i32) (local $all (ref $x))
    (local.set $all (array.new_fixed $x 8
      (struct.new $a (i32.const 1)) (struct.new $b (i32.const 2) (ref.null $a)) (struct.new $d (i32.const 3) (struct.new $c (i32.const 4)))
      (struct.new $e (i32.const 5)) (struct.new $final (i32.const 6)) (struct.new $const (i32.const 7)) (struct.new $f (i32.const 8) (i64.const 9))
      (struct.new $c (i32.const 10))))
    (loop $again
      (local.set $t (i32.add (i32.mul (local.get $t) (i32.const 7)) (call $tell (array.get $x (local.get $all) (local.get $i)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 8))))
    (call $log (local.get $t))
    (i32.add (local.get $t) (i32.add
      (struct.get $b2 0 (ref.cast (ref $b2) (array.get $x (local.get $all) (i32.const 1))))
      (struct.get $f2 0 (ref.cast (ref $f2) (array.get $x (local.get $all) (i32.const 6))))))))
