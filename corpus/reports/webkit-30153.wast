;; WebKit#30153: array.fill of floating-point numbers, in optimized code: the value was handed on as
;; a number where its bits were wanted.
(module
  (type $singles (array (mut f32)))
  (type $doubles (array (mut f64)))
  (func $single (param $x f32) (param $at i32) (result f32)
    (local $a (ref $singles))
    (local.set $a (array.new $singles (f32.const -1) (i32.const 5)))
    (array.fill $singles (local.get $a) (i32.const 1) (local.get $x) (i32.const 3))
    (array.get $singles (local.get $a) (local.get $at)))
  (func $double (param $x f64) (param $at i32) (result f64)
    (local $a (ref $doubles))
    (local.set $a (array.new_default $doubles (i32.const 5)))
    (array.fill $doubles (local.get $a) (i32.const 2) (local.get $x) (i32.const 3))
    (array.get $doubles (local.get $a) (local.get $at)))
  ;; Often enough for a tier that optimizes.
  (func (export "single") (param $x f32) (param $at i32) (result f32)
    (local $i i32) (local $last f32)
    (loop $again
      (local.set $last (call $single (local.get $x) (local.get $at)))
      (br_if $again
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3000))))
    (local.get $last))
  (func (export "double") (param $x f64) (param $at i32) (result f64)
    (local $i i32) (local $last f64)
    (loop $again
      (local.set $last (call $double (local.get $x) (local.get $at)))
      (br_if $again
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3000))))
    (local.get $last)))

(assert_return (invoke "single" (f32.const 6.25) (i32.const 3)) (f32.const 6.25))
(assert_return (invoke "single" (f32.const 6.25) (i32.const 4)) (f32.const -1))
(assert_return (invoke "single" (f32.const -0) (i32.const 1)) (f32.const -0))
(assert_return (invoke "double" (f64.const -1e300) (i32.const 2)) (f64.const -1e300))
(assert_return (invoke "double" (f64.const -1e300) (i32.const 1)) (f64.const 0))
