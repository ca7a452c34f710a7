;; record unmatched of endive fails 1.2.0 options known=off
;; does: refuses the module: "array types do not match"; where the elements are of types of their own
;;   it takes none but the same
;; specification 3.4.7 (validation of array.copy): the source's storage type matches the destination's,
;;   here (ref null i31) that of (ref null any)
(module
  (type $a (array (mut anyref)))
  (type $s (array i31ref))
  (func (export "f")
    array.new_fixed $a 0
    i32.const 0
    array.new_fixed $s 0
    i32.const 0
    i32.const 0
    array.copy $a $s))
