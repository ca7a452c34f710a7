;; wabt#2835: a tail call kept values of the frame that it leaves, and its caller took one of them for
;; the result.
(module
  (type $pair (struct (field i64) (field i64)))
  (type $sum (func (param (ref $pair) (ref $pair) i64) (result i64)))
  (table funcref (elem $sum))
  (func $sum (type $sum)
    (i64.add (local.get 2)
      (i64.add (struct.get $pair 0 (local.get 0)) (struct.get $pair 1 (local.get 1)))))
  (func $direct (result i64)
    (local $kept (ref null $pair))
    (local.set $kept (struct.new $pair (i64.const 801) (i64.const 802)))
    i64.const 803
    local.get $kept
    (struct.new $pair (i64.const 1) (i64.const 804))
    (struct.new $pair (i64.const 805) (i64.const 2))
    i64.const 4
    return_call $sum)
  (func $indirect (result i64)
    f32.const 8
    i64.const 806
    (struct.new $pair (i64.const 10) (i64.const 807))
    (struct.new $pair (i64.const 808) (i64.const 20))
    i64.const 40
    i32.const 0
    return_call_indirect (type $sum))
  (func $referenced (result i64)
    i32.const 809
    (struct.new $pair (i64.const 100) (i64.const 0))
    (struct.new $pair (i64.const 0) (i64.const 200))
    i64.const 400
    ref.func $sum
    return_call_ref $sum)
  (func (export "sums") (result i64 i64 i64)
    (call $direct) (call $indirect) (call $referenced)))

(assert_return (invoke "sums") (i64.const 7) (i64.const 70) (i64.const 700))
