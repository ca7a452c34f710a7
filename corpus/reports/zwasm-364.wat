;; zwasm#364: compiled code went on with the null of an allocation that had failed. An array of 8 GiB
;; is had or it is not; an engine that goes on without one reads and writes elsewhere.
;; plan: call "huge" i32:2147483647
;; plan: call "length" i32:2147483647
;; plan: call "written" i32:2147483647
;; plan: call "written" i32:3
(module
  (type $words (array (mut i32)))
  (func (export "huge") (param $length i32)
    (drop (array.new_default $words (local.get $length))))
  (func (export "length") (param $length i32) (result i32)
    (array.len (array.new $words (i32.const -1) (local.get $length))))
  (func (export "written") (param $length i32) (result i32)
    (local $it (ref null $words))
    (local.set $it (array.new_default $words (local.get $length)))
    (array.set $words (local.get $it) (i32.const 2) (i32.const 8))
    (array.get $words (local.get $it) (i32.const 2))))
