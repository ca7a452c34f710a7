;; record unmatched of endive fails 1.2.0 options known=off
;; does: ends with ArrayIndexOutOfBoundsException where the field of type v128 of an object in a global is read
;; specification 4.6.9 (execution of struct.get): the field's value is pushed
(module
  (type $s (struct (field v128)))
  (global $g (export "g") (mut (ref null $s)) (ref.null $s))
  (func (export "f")
    struct.new_default $s
    global.set $g))
