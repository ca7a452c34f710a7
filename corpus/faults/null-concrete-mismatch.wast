;; Null is of every nullable type.
(module
  (type $t (struct (field i32)))
  (func (export "test") (param $null structref) (result i32)
    (ref.test (ref null $t) (local.get $null)))
  (func (export "cast") (param $null structref) (result i32)
    (ref.is_null (ref.cast (ref null $t) (local.get $null)))))

(assert_return (invoke "test" (ref.null struct)) (i32.const 1))
(assert_return (invoke "cast" (ref.null struct)) (i32.const 1))
