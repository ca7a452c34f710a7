;; record unmatched of endive fails 1.2.0 options known=off
;; does: refuses the module: "sub type 1 does not match super type"
;; specification 3.3.9 (matching of field types): an immutable field of a subtype may have a subtype's
;;   type; (ref null none) is below (ref null struct), 3.3.3 and 3.3.4
(module
  (type $a (sub (array (ref null struct))))
  (type (sub final $a (array (ref null none)))))
