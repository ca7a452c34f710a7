;; record wasmtime#12985 fails 28.0.0 30.0.0 31.0.0 32.0.0 43.0.0 44.0.0 passes 45.0.0 46.0.1 48.0.0 50.0.1 options points=0
;; engine: endive 1.2.0
;; does: returns 0: array.new_elem evaluates the segment's expressions again each time, and makes
;;   another structure
;; specification 4.7.2 (instantiation): a segment's expressions are evaluated once, and array.new_elem
;;   takes the references from the element instance: both arrays hold the same structure
(module
  (type $s (struct (field (mut i32))))
  (type $a (array (ref null $s)))
  (elem $e (ref null $s) (item i32.const 2 struct.new $s))
  (func $first (result (ref null $s))
    i32.const 0
    i32.const 1
    array.new_elem $a $e
    i32.const 0
    array.get $a)
  (func (export "f") (result i32)
    call $first
    call $first
    ref.eq))
