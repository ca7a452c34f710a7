;; The second module has a type of its own, then a group that the first one has brought.
(module
  (rec
    (type $a (struct (field (ref null $b))))
    (type $b (struct (field (ref null $a)) (field i32)))
    (type $c (struct (field (ref null $b)) (field i64))))
  (func $test (param anyref) (result i32)
    (ref.test (ref $c) (local.get 0)))
  (func (export "run") (result i32)
    (call $test (struct.new_default $c))))

(module
  (type $own (struct (field f64)))
  (rec
    (type $a (struct (field (ref null $b))))
    (type $b (struct (field (ref null $a)) (field i32)))
    (type $c (struct (field (ref null $b)) (field i64))))
  (func $test (param anyref) (result i32)
    (ref.test (ref $c) (local.get 0)))
  (func (export "run") (result i32)
    (call $test (struct.new_default $c))))

(assert_return (invoke "run") (i32.const 1))
