;; record unmatched of jsc fails 1.4.5 options known=off
;; does: refuses the module: "any.convert_extern reference to type (ref null noextern) expected
;;   Externref"
;; specification 3.4.9 (validation of any.convert_extern): it takes a (ref null extern); noextern is
;;   below extern, 3.3.3 (matching of heap types)
(module
  (func (export "f") (result anyref)
    ref.null noextern
    any.convert_extern))
