;; A length whose bytes are far from 2^32.
(module
  (type $array (array (mut i64)))
  (func (export "run") (result i32)
    (array.len (array.new_default $array (i32.const 0x201)))))

(assert_return (invoke "run") (i32.const 0x201))
