;; record unmatched of endive fails 1.2.0 options known=off
;; does: returns null, or traps where the cast is of such a null
;; specification 4.6.9 (execution of ref.cast): a reference that matches the type is returned as it is; every
;;   external reference matches (ref extern)
(module
  (import "" "" (global $host (ref extern)))
  (func (export "f") (result externref)
    global.get $host
    ref.cast (ref extern)))
