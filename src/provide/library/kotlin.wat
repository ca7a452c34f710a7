;; What Kotlin/Wasm's own glue does with strings: they cross in the module's memory, as UTF-16 units.
(module
  (rec (type $string (array (mut i16)))
       (type $object (struct (field i32))))
  (import "case" "memory" (memory 0))

  (func $string (param externref) (result (ref $string))
    (ref.cast (ref $string) (any.convert_extern (local.get 0))))

  (func (export "kotlin.wasm.internal.stringLength") (param externref) (result i32)
    (array.len (call $string (local.get 0))))
  (func (export "kotlin.wasm.internal.getJsEmptyString") (result externref)
    (extern.convert_any (array.new_default $string (i32.const 0))))
  (func (export "kotlin.wasm.internal.isNullish") (param externref) (result i32)
    (ref.is_null (local.get 0)))

  ;; The prefix, if there is one, and the units of the memory behind it.
  (func (export "kotlin.wasm.internal.importStringFromWasm")
      (param $address i32) (param $length i32) (param $prefix externref) (result externref)
    (local $made (ref null $string)) (local $old (ref $string)) (local $at i32) (local $begin i32)
    (if (ref.is_null (local.get $prefix))
      (then (local.set $made (array.new_default $string (local.get $length))))
      (else
        (local.set $old (call $string (local.get $prefix)))
        (local.set $begin (array.len (local.get $old)))
        (local.set $made (array.new_default $string (i32.add (local.get $begin) (local.get $length))))
        (array.copy $string $string (local.get $made) (i32.const 0)
          (local.get $old) (i32.const 0) (local.get $begin))))
    (block $done
      (loop $units
        (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
        (array.set $string (local.get $made) (i32.add (local.get $begin) (local.get $at))
          (i32.load16_u (i32.add (local.get $address) (i32.shl (local.get $at) (i32.const 1)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $units)))
    (extern.convert_any (local.get $made)))

  (func (export "kotlin.wasm.internal.jsExportStringToWasm")
      (param $from externref) (param $start i32) (param $length i32) (param $address i32)
    (local $string (ref $string)) (local $at i32)
    (local.set $string (call $string (local.get $from)))
    (block $done
      (loop $units
        (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
        (i32.store16 (i32.add (local.get $address) (i32.shl (local.get $at) (i32.const 1)))
          (array.get_u $string (local.get $string) (i32.add (local.get $start) (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $units)))))
