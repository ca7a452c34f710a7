;; Two kinds of shape in turns: a call through a field, a test and a cast of each.
(module
  (rec
    (type $shape (sub (struct (field $area (ref $area)))))
    (type $area (func (param (ref $shape)) (result i32))))
  (type $square (sub final $shape (struct (field (ref $area)) (field $side i32))))
  (type $oblong (sub final $shape (struct (field (ref $area)) (field $width i32) (field $height i32))))
  (func $square_area (type $area)
    (i32.mul (struct.get $square $side (ref.cast (ref $square) (local.get 0)))
             (struct.get $square $side (ref.cast (ref $square) (local.get 0)))))
  (func $oblong_area (type $area)
    (i32.mul (struct.get $oblong $width (ref.cast (ref $oblong) (local.get 0)))
             (struct.get $oblong $height (ref.cast (ref $oblong) (local.get 0)))))
  (elem declare func $square_area $oblong_area)
  (func (export "run") (param $rounds i32) (result i32)
    (local $shape (ref null $shape)) (local $sum i32)
    (loop $round
      (local.set $shape
        (if (result (ref $shape)) (i32.and (local.get $rounds) (i32.const 1))
          (then (struct.new $square (ref.func $square_area) (local.get $rounds)))
          (else (struct.new $oblong (ref.func $oblong_area) (local.get $rounds) (i32.const 3)))))
      (local.set $sum (i32.add (local.get $sum) (i32.add
        (ref.test (ref $square) (local.get $shape))
        (call_ref $area (ref.as_non_null (local.get $shape))
          (struct.get $shape $area (local.get $shape))))))
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $round (local.get $rounds)))
    (local.get $sum)))
