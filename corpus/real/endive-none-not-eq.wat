;; record unmatched of endive fails 1.2.0 options known=off
;; does: refuses the module: "type mismatch: instruction requires [refnull[-19]] but stack has
;;   [refnull[-15]]"; likewise for i31, struct and array, in code, constants and field types
;; specification 3.3.3 (matching of heap types): none is below every type of the hierarchy of any, so a null of
;;   type none is an operand of ref.eq
(module
  (func (export "f") (result i32)
    ref.null none
    ref.null none
    ref.eq))
