;; A table of 64 objects of which each round replaces one by its successor: what a collection finds alive changes.
(module
  (type $cell (struct (field $value i64) (field $before (ref null $cell))))
  (type $cells (array (mut (ref null $cell))))
  (func (export "run") (param $rounds i32) (result i32)
    (local $cells (ref $cells)) (local $at i32) (local $old (ref null $cell)) (local $sum i64)
    (local.set $cells (array.new_default $cells (i32.const 64)))
    (loop $round
      (local.set $at (i32.and (i32.mul (local.get $rounds) (i32.const 37)) (i32.const 63)))
      (local.set $old (array.get $cells (local.get $cells) (local.get $at)))
      (if (i32.eqz (ref.is_null (local.get $old)))
        (then (local.set $sum (i64.add (local.get $sum) (struct.get $cell $value (local.get $old))))))
      (array.set $cells (local.get $cells) (local.get $at)
        (struct.new $cell (i64.extend_i32_u (local.get $rounds)) (ref.null $cell)))
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $round (local.get $rounds)))
    (i32.wrap_i64 (local.get $sum))))
