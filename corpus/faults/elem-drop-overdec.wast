;; Only an array holds what a segment handed out, once the segment is dropped.
(module
  (type $s (struct (field (mut i32))))
  (type $array (array (mut (ref null $s))))
  (import "slabhound" "gc" (func $gc))
  (elem $e (ref null $s) (item (struct.new $s (i32.const 42))))
  (global $holder (mut (ref null $array)) (ref.null $array))
  (func (export "hand-out")
    (global.set $holder (array.new_elem $array $e (i32.const 0) (i32.const 1)))
    (elem.drop $e))
  (func (export "run") (result i32)
    (call $gc)
    (drop (struct.new $s (i32.const 7)))
    (drop (struct.new $s (i32.const 7)))
    (struct.get $s 0 (array.get $array (global.get $holder) (i32.const 0)))))

(assert_return (invoke "hand-out"))
(assert_return (invoke "run") (i32.const 42))
