;; binaryen#6897: a write was folded into the struct.new before it, although the value that is
;; written may branch away: the local was then never set.
(module
  (type $box (struct (field $v (mut i64))))
  (func (export "last") (param $skips i32) (result i64)
    (local $box (ref null $box))
    (local.set $box (struct.new $box (i64.const 100)))
    (block $out
      (local.set $box (struct.new $box (i64.const 200)))
      (struct.set $box $v (local.get $box)
        (if (result i64) (local.get $skips)
          (then (br $out))
          (else (i64.const 300)))))
    (struct.get $box $v (local.get $box)))
  (func (export "never_set") (param $skips i32) (result i64)
    (local $box (ref null $box))
    (block $out
      (br_if $out (local.get $skips))
      (local.set $box (struct.new $box (i64.const 7))))
    (struct.get $box $v (local.get $box))))

(assert_return (invoke "last" (i32.const 1)) (i64.const 200))
(assert_return (invoke "last" (i32.const 0)) (i64.const 300))
(assert_return (invoke "never_set" (i32.const 0)) (i64.const 7))
(assert_trap (invoke "never_set" (i32.const 1)) "null structure reference")
