;; Written from wasmtime-10397.wat; the assertions are the oracle's.
(module
  (type $callee (func (param i32) (result i32)))
  (type $closure (struct (field (ref null $callee))))
  (type $array (array (mut i32)))
  (func $increment (type $callee)
    (i32.add (local.get 0) (i32.const 1)))
  (elem declare func $increment)
  (func (export "run") (param $rounds i32) (result i32)
    (local $closure (ref null $closure)) (local $array (ref null $array)) (local $count i32)
    (local.set $rounds (i32.and (local.get $rounds) (i32.const 15)))
    (local.set $closure (struct.new $closure (ref.func $increment)))
    (local.set $array (array.new_default $array (i32.const 1)))
    (loop $outer
      (local.set $count
        (call_ref $callee (local.get $count) (struct.get $closure 0 (local.get $closure))))
      (drop (array.new_default $array (i32.const 1)))
      (loop $inner
        (array.set $array (ref.cast (ref $array) (local.get $array)) (i32.const 0) (i32.const 1))
        (br_if $inner (i32.const 0)))
      (br_if $outer (i32.lt_s (local.get $count) (local.get $rounds))))
    (local.get $count)))

(assert_return (invoke "run" (i32.const 0)) (i32.const 1))
(assert_return (invoke "run" (i32.const 2)) (i32.const 2))
(assert_return (invoke "run" (i32.const 15)) (i32.const 15))
