;; The subtype adds what sorts behind all the others.
(module
  (type $super (sub (struct (field i64) (field i8))))
  (type $sub (sub $super (struct (field i64) (field i8) (field i8))))
  (func $read (param (ref $super)) (result i32)
    (struct.get_u $super 1 (local.get 0)))
  (func (export "run") (result i32)
    (call $read (struct.new $sub (i64.const 6) (i32.const 5) (i32.const 7)))))

(assert_return (invoke "run") (i32.const 5))
