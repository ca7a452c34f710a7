;; record unmatched of jsc fails 1.4.5 options known=off
;; does: refuses the module: "br / br_if's target 2 exceeds control stack size 1"; blocks opened in
;;   dead code are not counted for br_on_null
;; specification 3.4.2 (validation of br_on_null, loop, if): a structured instruction adds its label to
;;   the context of its body, in code behind `unreachable` too; here the loop, the if and the function
(module
  (func (export "f")
    unreachable
    loop
      i32.const 0
      if
        unreachable
        br_on_null 2
        unreachable
      end
    end))
