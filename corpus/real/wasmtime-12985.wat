;; The expressions of a passive segment are evaluated at each use, so that its objects are other
;; ones each time.
;; record wasmtime#12985 fails 28.0.0 30.0.0 31.0.0 32.0.0 43.0.0 44.0.0 passes 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
(module
  (type $box (struct (field i32)))
  (type $array (array (mut (ref null $box))))
  (elem $elements (ref null $box) (struct.new $box (i32.const 5)))
  (func (export "run") (result i32)
    (ref.eq
      (array.get $array (array.new_elem $array $elements (i32.const 0) (i32.const 1)) (i32.const 0))
      (array.get $array (array.new_elem $array $elements (i32.const 0) (i32.const 1))
        (i32.const 0)))))
