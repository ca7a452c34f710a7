;; engine: endive 1.2.0
;; does: refuses the module: "sub type 1 does not match super type"
;; specification 3.3.11 (field types): an immutable field of a subtype may have a subtype's type;
;;   (ref null none) is below (ref null struct), 3.3.3
(module
  (type $a (sub (array (ref null struct))))
  (type (sub final $a (array (ref null none)))))
