;; The bytes of 2^31 elements of two bytes are no bytes in 32 bits.
(module
  (type $a (array (mut i16)))
  (data $d "")
  (func (export "run") (result i32)
    (array.len (array.new_data $a $d (i32.const 0) (i32.const 0x80000000)))))
