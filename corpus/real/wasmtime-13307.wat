;; array.copy drops what it overwrites, an i31 here, as if it were an object. (28 and 30 lose the
;; array's own type in array.copy: another bug.)
;; record wasmtime#13307 fails 28.0.0 30.0.0 45.0.0 passes 31.0.0 32.0.0 43.0.0 44.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (type $box (struct (field i32)))
  (type $array (array (mut anyref)))
  (func (export "run") (result i32)
    (local $to (ref null $array)) (local $from (ref null $array))
    (local.set $to (array.new $array (ref.i31 (i32.const 3)) (i32.const 1)))
    (local.set $from (array.new $array (struct.new $box (i32.const 5)) (i32.const 1)))
    (array.copy $array $array
      (local.get $to) (i32.const 0) (local.get $from) (i32.const 0) (i32.const 1))
    (struct.get $box 0 (ref.cast (ref $box) (array.get $array (local.get $to) (i32.const 0))))))
