;; Exceptions carry references out of loops; locals stay alive for the handler.
(module
  (type $s (struct (field (mut i32))))
  (import "fuzzing-support" "log-i32" (func $log (param i32)))
  (tag $e (param (ref null $s)))
  (func $maybe (param $i i32)
    (if (i32.and (local.get $i) (i32.const 1))
      (then (throw $e (struct.new $s (local.get $i))))))
  (func (export "catching") (result i32) (local $i i32) (local $t i32) (local $keep (ref null $s))
    (local.set $keep (struct.new $s (i32.const 1000)))
    (loop $again
      (block $done
        (local.set $t (i32.add (local.get $t) (struct.get $s 0
          (block $caught (result (ref null $s))
            (try_table (catch $e $caught)
              (call $maybe (local.get $i)))
            (br $done)))))
        (local.set $t (i32.add (local.get $t) (struct.get $s 0 (local.get $keep)))))
      (drop (struct.new $s (i32.const 7)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 6))))
    (call $log (local.get $t))
    (local.get $t)))
