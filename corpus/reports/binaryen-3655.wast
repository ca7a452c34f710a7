;; binaryen#3655: a value that was read out of a field, and used only behind the write of that field,
;; was read where it was used. The popped item is then the one below it.
(module
  (type $item (struct (field $value i64) (field $below (mut (ref null $item)))))
  (func $pop (param $stack (ref $item)) (result i64)
    (local $popped i64)
    (local.set $popped
      (struct.get $item $value (struct.get $item $below (local.get $stack))))
    (struct.set $item $below (local.get $stack)
      (struct.get $item $below (struct.get $item $below (local.get $stack))))
    (local.get $popped))
  (func (export "pops") (result i64 i64)
    (local $stack (ref $item))
    (local.set $stack
      (struct.new $item (i64.const -1)
        (struct.new $item (i64.const 70)
          (struct.new $item (i64.const 80) (struct.new_default $item)))))
    (call $pop (local.get $stack))
    (call $pop (local.get $stack))))

(assert_return (invoke "pops") (i64.const 70) (i64.const 80))
