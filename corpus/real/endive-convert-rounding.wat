;; engine: endive 1.2.0
;; does: returns 0x1.000002p+63: f32.convert_i64_u rounds upwards above 2^63
;; specification 4.3.4 (convert_u): the result is the nearest f32, ties to even: 0x1p+63
(module
  (func (export "f") (result f32)
    i64.const -9223372036854775807
    f32.convert_i64_u))
