;; binaryen#3754: a function that only writes a field of its parameter was taken for one without
;; effects, and its call dropped: the caller then reads the field's old value.
(module
  (type $tree (struct (field $leaves (mut i32)) (field $left (mut (ref null $tree)))))
  (func $graft (param $onto (ref null $tree)) (param $branch (ref null $tree))
    (struct.set $tree $left (local.get $onto) (local.get $branch)))
  (func (export "grafted") (result i32)
    (local $trunk (ref null $tree))
    (local.set $trunk (struct.new_default $tree))
    (call $graft (local.get $trunk) (struct.new $tree (i32.const 12) (ref.null $tree)))
    (struct.get $tree $leaves (struct.get $tree $left (local.get $trunk))))
  (func (export "knotted") (result i32)
    (local $trunk (ref null $tree))
    (local.set $trunk (struct.new $tree (i32.const 3) (ref.null $tree)))
    (call $graft (local.get $trunk) (local.get $trunk))
    (struct.set $tree $leaves
      (struct.get $tree $left (struct.get $tree $left (local.get $trunk))) (i32.const 40))
    (struct.get $tree $leaves (local.get $trunk)))
  (func (export "ungrafted") (result i32)
    (struct.get $tree $leaves (struct.get $tree $left (struct.new_default $tree)))))

(assert_return (invoke "grafted") (i32.const 12))
(assert_return (invoke "knotted") (i32.const 40))
(assert_trap (invoke "ungrafted") "null structure reference")
