;; What replayed answers need.
(module
  (rec (type $string (array (mut i16)))
       (type $object (struct (field i32))))

  ;; Whether the reference is a string of these units.
  (func (export "same") (param $any anyref) (param $wanted (ref $string)) (result i32)
    (local $string (ref $string)) (local $at i32)
    (if (i32.eqz (ref.test (ref $string) (local.get $any))) (then (return (i32.const 0))))
    (local.set $string (ref.cast (ref $string) (local.get $any)))
    (if (i32.ne (array.len (local.get $string)) (array.len (local.get $wanted))) (then (return (i32.const 0))))
    (block $done
      (loop $units
        (br_if $done (i32.ge_u (local.get $at) (array.len (local.get $string))))
        (if (i32.ne (array.get_u $string (local.get $string) (local.get $at))
                    (array.get_u $string (local.get $wanted) (local.get $at)))
          (then (return (i32.const 0))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $units)))
    (i32.const 1)))
