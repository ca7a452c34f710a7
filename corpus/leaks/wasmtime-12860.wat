;; Wasmtime 43 and 45 keep an exception that a handler without a reference to it caught (pull request 12860); 48 does not.
(module
  (type $value (struct (field i32)))
  (tag $tag (param (ref $value)))
  (func $throw (throw $tag (struct.new $value (i32.const 1))))
  (func (export "run")
    (block $caught (try_table (catch_all $caught) (call $throw)))))
