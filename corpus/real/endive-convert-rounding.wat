;; record unmatched of endive fails 1.2.0 options known=off
;; does: returns 0x1.000002p+63: f32.convert_i64_u rounds upwards above 2^63
;; specification 4.3.4 (conversion convert_u): it is rounded as 4.3.3 says, to the nearest, ties to even: 0x1p+63
(module
  (func (export "f") (result f32)
    i64.const -9223372036854775807
    f32.convert_i64_u))
