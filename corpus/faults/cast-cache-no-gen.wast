;; Objects of two types live in one slot one after another, and one cast tells them apart.
(module
  (type $a (struct (field i32)))
  (type $b (struct (field f32)))
  (import "slabhound" "gc" (func $gc))
  (func (export "run") (param $rounds i32) (result i32)
    (local $o anyref) (local $answers i32)
    (loop $again
      (if (i32.and (local.get $rounds) (i32.const 1))
        (then (local.set $o (struct.new $a (i32.const 1))))
        (else (local.set $o (struct.new $b (f32.const 1)))))
      (local.set $answers
        (i32.add (i32.shl (local.get $answers) (i32.const 1))
                 (ref.test (ref $a) (local.get $o))))
      (local.set $o (ref.null any))
      (call $gc)
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $again (local.get $rounds)))
    (local.get $answers)))

(assert_return (invoke "run" (i32.const 4)) (i32.const 0x5))
