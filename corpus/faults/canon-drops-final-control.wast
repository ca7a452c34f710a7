;; One of the twins is mutable, besides.
(module
  (type $a (sub final (struct (field i32))))
  (type $b (sub (struct (field (mut i32)))))
  (func $test (param anyref) (result i32)
    (ref.test (ref $b) (local.get 0)))
  (func (export "run") (result i32)
    (call $test (struct.new $a (i32.const 1)))))

(assert_return (invoke "run") (i32.const 0))
