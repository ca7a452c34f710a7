;; Bit 31 is there, but the i31 is only read.
(module
  (func (export "sum") (param i32 i32) (result i32)
    (i32.add (i31.get_u (ref.i31 (local.get 0))) (i31.get_u (ref.i31 (local.get 1))))))

(assert_return (invoke "sum" (i32.const -1) (i32.const 1)) (i32.const 0x80000000))
