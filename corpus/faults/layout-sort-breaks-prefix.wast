;; A field of the supertype is read in an object of the subtype, whose own field is larger.
(module
  (type $super (sub (struct (field i8) (field i64))))
  (type $sub (sub $super (struct (field i8) (field i64) (field i32))))
  (func $read (param (ref $super)) (result i32)
    (struct.get_u $super 0 (local.get 0)))
  (func (export "run") (result i32)
    (call $read (struct.new $sub (i32.const 5) (i64.const 6) (i32.const 7)))))

(assert_return (invoke "run") (i32.const 5))
