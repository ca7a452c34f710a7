;; The group is new, and the first in its module.
(module
  (rec
    (type $a (struct (field (ref null $b))))
    (type $b (struct (field (ref null $a)) (field i32)))
    (type $c (struct (field (ref null $b)) (field i64))))
  (func $test (param anyref) (result i32)
    (ref.test (ref $c) (local.get 0)))
  (func (export "run") (result i32)
    (call $test (struct.new_default $c))))

(assert_return (invoke "run") (i32.const 1))
