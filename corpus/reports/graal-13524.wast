;; graal#13524: two groups have the same shape, so their types are the same; each had its own way to
;; the fields all the same, and an object of the one could not be read as the other.
(module
  (rec (type $left (sub (struct (field $n (mut i32)) (field $next (mut (ref null $left)))))))
  (rec (type $right (sub (struct (field $n (mut i32)) (field $next (mut (ref null $right)))))))
  (rec (type $left_wide
    (sub $left (struct (field (mut i32)) (field (mut (ref null $left))) (field $w (mut i64))))))
  (rec (type $right_wide
    (sub $right (struct (field (mut i32)) (field (mut (ref null $right))) (field $w (mut i64))))))
  (func $as_left (param $it (ref null $right)) (result (ref null $left)) (local.get $it))
  (func (export "written") (result i32)
    (local $it (ref $right))
    (local.set $it (struct.new $right (i32.const 4) (ref.null $right)))
    (struct.set $left $n (call $as_left (local.get $it)) (i32.const 5))
    (struct.get $right $n (local.get $it)))
  (func (export "wide") (result i64)
    (local $it (ref null $left))
    (local.set $it (struct.new $right_wide (i32.const 1) (ref.null $right) (i64.const 6)))
    (struct.set $left_wide $w (ref.cast (ref $left_wide) (local.get $it))
      (i64.add (i64.const 30)
        (struct.get $right_wide $w (ref.cast (ref $right_wide) (local.get $it)))))
    (struct.get $left_wide $w (ref.cast (ref $right_wide) (local.get $it))))
  (func (export "linked") (result i32)
    (struct.get $left $n
      (struct.get $right $next
        (struct.new $left_wide (i32.const 1)
          (struct.new $right (i32.const 2) (ref.null $left)) (i64.const 3))))))

(assert_return (invoke "written") (i32.const 5))
(assert_return (invoke "wide") (i64.const 36))
(assert_return (invoke "linked") (i32.const 2))
