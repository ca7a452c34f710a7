;; record unmatched of binaryen fails 132.0.0 options known=off
;; does: returns 0: its interpreter evaluates the segment's expressions again each time
;; specification 4.7.2 (instantiation): a segment's expressions are evaluated once; 4.6.9 (execution of
;;   array.new_elem): the array's elements are the references of the element instance
(module
  (type $s (struct))
  (type $a (array (ref null $s)))
  (elem $e (ref null $s) (item struct.new $s))
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
