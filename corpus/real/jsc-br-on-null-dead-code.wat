;; engine: jsc bun 1.4.5
;; does: refuses the module: "br / br_if's target 2 exceeds control stack size 1"; blocks opened in
;;   dead code are not counted for br_on_null
;; specification 3.4.10 (br_on_null) and 3.4.1: labels of unreachable code are those of all blocks
;;   around it, here the loop, the if and the function
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
