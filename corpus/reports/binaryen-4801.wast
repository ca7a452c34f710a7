;; binaryen#4801: the write of a field that nobody reads went, and its null check moved before the
;; value: it trapped where the value throws.
(module
  (type $sink (struct (field $unread (mut f64))))
  (tag $leave (param i32))
  (func $thrown (result f64) (throw $leave (i32.const 55)))
  (func $write (param $to (ref null $sink))
    (struct.set $sink $unread (local.get $to) (call $thrown)))
  (func (export "run") (result i32)
    (block $left (result i32)
      (try_table (catch $leave $left) (call $write (ref.null $sink)))
      (i32.const 0)))
  (func (export "write") (call $write (ref.null $sink)))
  (func (export "null") (struct.set $sink $unread (ref.null $sink) (f64.const 1))))

(assert_return (invoke "run") (i32.const 55))
(assert_exception (invoke "write"))
(assert_trap (invoke "null") "null structure reference")
