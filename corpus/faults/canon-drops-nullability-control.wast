;; One of the twins is mutable, besides.
(module
  (rec
    (type $l (struct (field i32)))
    (type $a (struct (field (ref null $l)))))
  (rec
    (type $l2 (struct (field i32)))
    (type $b (struct (field (mut (ref $l2))))))
  (func $test (param anyref) (result i32)
    (ref.test (ref $b) (local.get 0)))
  (func (export "run") (result i32)
    (call $test (struct.new_default $a))))

(assert_return (invoke "run") (i32.const 0))
