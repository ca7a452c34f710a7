;; Null goes to the branch of a nullable type.
(module
  (type $t (struct (field i32)))
  (func (export "taken") (param $null anyref) (result i32)
    (block $taken (result (ref null $t))
      (br_on_cast $taken anyref (ref null $t) (local.get $null))
      (return (i32.const 0)))
    (drop)
    (i32.const 1)))

(assert_return (invoke "taken" (ref.null any)) (i32.const 1))
