;; What the segment hands out is null, and an i31: neither is counted.
(module
  (type $array (array (mut i31ref)))
  (import "slabhound" "gc" (func $gc))
  (elem $e i31ref (item (ref.null i31)) (item (ref.i31 (i32.const 42))))
  (global $holder (mut (ref null $array)) (ref.null $array))
  (func (export "hand-out")
    (global.set $holder (array.new_elem $array $e (i32.const 0) (i32.const 2)))
    (elem.drop $e))
  (func (export "run") (result i32)
    (call $gc)
    (i31.get_u (array.get $array (global.get $holder) (i32.const 1)))))

(assert_return (invoke "hand-out"))
(assert_return (invoke "run") (i32.const 42))
