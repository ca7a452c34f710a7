;; $t5 and $u5 are brothers at depth 5.
(module
  (type $t0 (sub (struct)))
  (type $t1 (sub $t0 (struct)))
  (type $t2 (sub $t1 (struct)))
  (type $t3 (sub $t2 (struct)))
  (type $t4 (sub $t3 (struct)))
  (type $t5 (sub $t4 (struct)))
  (type $u5 (sub $t4 (struct (field i32))))
  (func $test (param anyref) (result i32)
    (ref.test (ref $t5) (local.get 0)))
  (func (export "u5") (result i32)
    (call $test (struct.new_default $u5))))

(assert_return (invoke "u5") (i32.const 0))
