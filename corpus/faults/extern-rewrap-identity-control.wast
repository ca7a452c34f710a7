;; An i31 goes to extern and back.
(module
  (func (export "run") (result i32) (local $x anyref)
    (local.set $x (ref.i31 (i32.const 42)))
    (ref.test (ref i31) (any.convert_extern (extern.convert_any (local.get $x))))))

(assert_return (invoke "run") (i32.const 1))
