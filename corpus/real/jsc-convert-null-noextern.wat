;; engine: jsc bun 1.4.5
;; does: refuses the module: "any.convert_extern reference to type (ref null noextern) expected
;;   Externref"
;; specification 3.4.7 (any.convert_extern) takes a (ref null extern); noextern is below extern, 3.3.3
(module
  (func (export "f") (result anyref)
    ref.null noextern
    any.convert_extern))
