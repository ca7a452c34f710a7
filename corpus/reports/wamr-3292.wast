;; wasm-micro-runtime#3292: two types of one shape are one type; only the same index was taken for
;; the same, and the module refused.
(module
  (type $meters (sub (struct (field f32))))
  (type $seconds (sub (struct (field f32))))
  (global $kept (mut (ref null $meters)) (struct.new $seconds (f32.const 0.5)))
  (func $meters (param $it (ref $meters)) (result f32) (struct.get $seconds 0 (local.get $it)))
  (func (export "passed") (result f32) (call $meters (struct.new $seconds (f32.const 2.5))))
  (func (export "kept") (result f32)
    (call $meters (ref.as_non_null (global.get $kept))))
  (func (export "cast") (param $null i32) (result i32)
    (local $any (ref null any))
    (if (i32.eqz (local.get $null))
      (then (local.set $any (struct.new $meters (f32.const 1)))))
    (ref.test (ref $seconds) (local.get $any))))

(assert_return (invoke "passed") (f32.const 2.5))
(assert_return (invoke "kept") (f32.const 0.5))
(assert_return (invoke "cast" (i32.const 0)) (i32.const 1))
(assert_return (invoke "cast" (i32.const 1)) (i32.const 0))
