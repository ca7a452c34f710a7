;; 8 bytes more than 2^32: no engine has an array of that size.
(module
  (type $array (array (mut i64)))
  (func (export "run") (result i32)
    (array.len (array.new_default $array (i32.const 0x20000001)))))

(assert_exhaustion (invoke "run") "huge-object")
