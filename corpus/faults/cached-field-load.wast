;; A field is read, set by its supertype's name, and read again.
(module
  (type $super (sub (struct (field (mut i32)))))
  (type $sub (sub $super (struct (field (mut i32)) (field i32))))
  (func (export "run") (param $x i32) (result i32)
    (local $o (ref null $sub))
    (local.set $o (struct.new_default $sub))
    (drop (struct.get $sub 0 (local.get $o)))
    (struct.set $super 0 (local.get $o) (local.get $x))
    (struct.get $sub 0 (local.get $o))))

(assert_return (invoke "run" (i32.const 42)) (i32.const 42))
