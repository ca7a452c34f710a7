;; binaryen#8831: what a call through a reference may do was looked up by type after two equal ones
;; of a group had been merged: that of the idle function stood for both, and the call went.
(module
  (rec (type $idle (func (param i32))) (type $busy (func (param i32))))
  (global $sum (mut i32) (i32.const 0))
  (func $skip (type $idle))
  (func $add (type $busy)
    (global.set $sum (i32.add (global.get $sum) (local.get 0))))
  (elem declare func $skip $add)
  (func $both (param $first (ref $idle)) (param $second (ref $busy))
    (call_ref $idle (i32.const 1000) (local.get $first))
    (call_ref $busy (i32.const 5) (local.get $second)))
  (func (export "sum") (result i32)
    (call $both (ref.func $skip) (ref.func $add))
    (call $both (ref.func $skip) (ref.func $add))
    (global.get $sum)))

(assert_return (invoke "sum") (i32.const 10))
(assert_return (invoke "sum") (i32.const 20))
