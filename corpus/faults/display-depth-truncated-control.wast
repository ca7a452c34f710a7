;; A type at depth 5 is asked for what it is, and for what ends above level 4.
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
  (func (export "t5") (result i32)
    (call $test (struct.new_default $t5)))
  (func (export "t3") (result i32)
    (call $test (struct.new_default $t3))))

(assert_return (invoke "t5") (i32.const 1))
(assert_return (invoke "t3") (i32.const 0))
