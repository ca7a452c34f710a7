;; The i31s whose place is taken name slots that no object has.
(module
  (type $s (struct (field (mut i32))))
  (type $holder (struct (field (mut (ref null $s)))))
  (type $array (array (mut anyref)))
  (import "slabhound" "gc" (func $gc))
  (global $holder (mut (ref null $holder)) (ref.null $holder))
  (func (export "run") (result i32) (local $i i32) (local $array (ref null $array))
    (global.set $holder (struct.new $holder (struct.new $s (i32.const 42))))
    (local.set $array (array.new $array (ref.null any) (i32.const 1)))
    (call $gc)
    (loop $again
      (array.set $array (local.get $array) (i32.const 0)
        (ref.i31 (i32.add (i32.const 0x3fff0000) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 2)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 16))))
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (struct.get $holder 0 (global.get $holder)))))

(assert_return (invoke "run") (i32.const 42))
