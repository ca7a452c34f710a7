;; gc#510: what falls through a br_on_cast has the type that the instruction names as its source, not
;; the narrower one that the operand had.
(assert_invalid
  (module
    (func (param $x (ref null struct)) (result (ref null struct))
      (block $is (result (ref null array))
        (br_on_cast $is (ref null any) (ref null array) (local.get $x))
        (return))
      (unreachable)))
  "type mismatch")

(module
  (func (export "kept") (result i32)
    (block $is (result (ref null array))
      (br_on_cast $is (ref null struct) (ref null none) (ref.null struct))
      (return (ref.is_null)))
    (drop)
    (i32.const 7)))

(assert_return (invoke "kept") (i32.const 7))
