;; The value fits, and the neighbour is 0.
(module
  (type $packed (struct (field (mut i8)) (field (mut i8))))
  (func (export "run") (result i32) (local $o (ref null $packed))
    (local.set $o (struct.new $packed (i32.const 0) (i32.const 0)))
    (struct.set $packed 0 (local.get $o) (i32.const 0x34))
    (struct.get_u $packed 1 (local.get $o))))

(assert_return (invoke "run") (i32.const 0))
