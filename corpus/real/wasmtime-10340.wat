;; The load of a function's type moves out of the loop, before the test for null that guards it.
;; record wasmtime#10340 fails 28.0.0 30.0.0 31.0.0 passes 32.0.0 43.0.0 44.0.0 45.0.0 46.0.1 48.0.0 50.0.1 options points=0,opt=speed
(module
  (type $function (func (result i32)))
  (func (export "run") (type $function)
    (loop $again
      (br_if $again (ref.test (ref $function) (ref.null $function))))
    (i32.const 3)))
