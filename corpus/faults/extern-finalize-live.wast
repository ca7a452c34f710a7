;; A host object is held by a field of an object only.
(module
  (type $holder (struct (field externref)))
  (import "slabhound" "gc" (func $gc))
  (global $holder (mut (ref null $holder)) (ref.null $holder))
  (func (export "put") (param $host externref)
    (global.set $holder (struct.new $holder (local.get $host))))
  (func (export "collect") (call $gc))
  (func (export "get") (result externref)
    (struct.get $holder 0 (global.get $holder))))

(invoke "put" (ref.extern 5))
(invoke "collect")
(assert_return (invoke "get") (ref.extern 5))
