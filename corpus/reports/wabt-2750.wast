;; wabt#2750: the text reader lost, or tripped over, a reference in a field that names its type by a
;; number instead of a name.
(module
  (rec (type (array (mut (ref null 1))))
    (type (struct (field i32) (field (ref null 1)))))
  (type (struct (field (ref 0)) (field (mut (ref null 1)))))
  (func (export "last") (result i32)
    (local (ref 2))
    (local.set 0
      (struct.new 2
        (array.new_fixed 0 2
          (ref.null 1)
          (struct.new 1 (i32.const 6) (struct.new 1 (i32.const 9) (ref.null 1))))
        (ref.null 1)))
    (struct.set 2 1 (local.get 0)
      (struct.get 1 1 (array.get 0 (struct.get 2 0 (local.get 0)) (i32.const 1))))
    (struct.get 1 0 (struct.get 2 1 (local.get 0))))
  (func (export "kinds") (result i32 i32)
    (ref.test (ref 0) (array.new_default 0 (i32.const 0)))
    (ref.test (ref 1) (struct.new 2 (array.new_default 0 (i32.const 0)) (ref.null 1)))))

(assert_return (invoke "last") (i32.const 9))
(assert_return (invoke "kinds") (i32.const 1) (i32.const 0))
