;; Null is tested against a type that is not nullable, and against an abstract one.
(module
  (type $t (struct (field i32)))
  (func (export "concrete") (param $null structref) (result i32)
    (ref.test (ref $t) (local.get $null)))
  (func (export "abstract") (param $null anyref) (result i32)
    (ref.test structref (local.get $null))))

(assert_return (invoke "concrete" (ref.null struct)) (i32.const 0))
(assert_return (invoke "abstract" (ref.null any)) (i32.const 1))
