;; Two numbers that differ in bit 31 are one i31.
(module
  (func (export "same") (param i32 i32) (result i32)
    (ref.eq (ref.i31 (local.get 0)) (ref.i31 (local.get 1)))))

(assert_return (invoke "same" (i32.const -1) (i32.const 0x7fffffff)) (i32.const 1))
