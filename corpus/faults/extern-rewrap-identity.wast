;; An object goes to extern and back.
(module
  (type $s (struct (field (mut i32))))
  (func (export "run") (result i32) (local $x anyref)
    (local.set $x (struct.new $s (i32.const 42)))
    (ref.test (ref $s) (any.convert_extern (extern.convert_any (local.get $x))))))

(assert_return (invoke "run") (i32.const 1))
