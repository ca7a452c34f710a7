;; record unmatched of endive fails 1.2.0 options known=off
;; does: ends with ArrayIndexOutOfBoundsException where the field of type v128 of an object in a global is read
;; specification 4.6.9 (execution of struct.get): the field's value is pushed
;; The try_table keeps away old releases of Wasmtime, which have neither exceptions nor room for such a field.
(module
  (type $s (struct (field v128)))
  (global $g (export "g") (mut (ref null $s)) (ref.null $s))
  (func (export "f")
    try_table (catch_all 0)
      struct.new_default $s
      global.set $g
    end))
