;; WASI, preview 1, as far as a start-up goes: no arguments, no environment, no files; time and random numbers are
;; counters; what is written is told by its descriptor, its size and the FNV-1a hash of its bytes. Names that are not
;; here are functions that log their call.
(module
  (import "case" "memory" (memory 0))
  (import "log" "fd_write" (func $log_write (param i32 i32 i64)))
  (import "log" "proc_exit" (func $log_exit (param i32)))
  (global $time (mut i64) (i64.const 0))
  (global $random (mut i64) (i64.const 1))

  (func $zeros (param $first i32) (param $second i32) (result i32)
    (i32.store (local.get $first) (i32.const 0))
    (i32.store (local.get $second) (i32.const 0))
    (i32.const 0))
  (func (export "args_sizes_get") (param i32 i32) (result i32)
    (call $zeros (local.get 0) (local.get 1)))
  (func (export "environ_sizes_get") (param i32 i32) (result i32)
    (call $zeros (local.get 0) (local.get 1)))
  (func (export "args_get") (param i32 i32) (result i32) (i32.const 0))
  (func (export "environ_get") (param i32 i32) (result i32) (i32.const 0))
  (func (export "sched_yield") (result i32) (i32.const 0))

  ;; A millisecond later at each look.
  (func (export "clock_time_get") (param i32 i64) (param $to i32) (result i32)
    (global.set $time (i64.add (global.get $time) (i64.const 1000000)))
    (i64.store (local.get $to) (global.get $time))
    (i32.const 0))
  (func (export "clock_res_get") (param i32) (param $to i32) (result i32)
    (i64.store (local.get $to) (i64.const 1000000))
    (i32.const 0))

  (func (export "random_get") (param $to i32) (param $count i32) (result i32)
    (block $done
      (loop $bytes
        (br_if $done (i32.eqz (local.get $count)))
        (global.set $random (i64.add (i64.const 1442695040888963407)
          (i64.mul (global.get $random) (i64.const 6364136223846793005))))
        (i32.store8 (local.get $to) (i32.wrap_i64 (i64.shr_u (global.get $random) (i64.const 56))))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $bytes)))
    (i32.const 0))

  (func (export "fd_write") (param $fd i32) (param $vectors i32) (param $count i32) (param $written i32) (result i32)
    (local $hash i64) (local $total i32) (local $at i32) (local $end i32)
    (local.set $hash (i64.const 0xcbf29ce484222325))
    (block $done
      (loop $all
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $at (i32.load (local.get $vectors)))
        (local.set $end (i32.add (local.get $at) (i32.load offset=4 (local.get $vectors))))
        (local.set $total (i32.add (local.get $total) (i32.load offset=4 (local.get $vectors))))
        (block $hashed
          (loop $bytes
            (br_if $hashed (i32.eq (local.get $at) (local.get $end)))
            (local.set $hash (i64.mul (i64.const 0x100000001b3)
              (i64.xor (local.get $hash) (i64.load8_u (local.get $at)))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br $bytes)))
        (local.set $vectors (i32.add (local.get $vectors) (i32.const 8)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $all)))
    (call $log_write (local.get $fd) (local.get $total) (local.get $hash))
    (i32.store (local.get $written) (local.get $total))
    (i32.const 0))

  ;; No other descriptor is open: EBADF.
  (func (export "fd_read") (param i32 i32 i32 i32) (result i32) (i32.const 8))
  (func (export "fd_close") (param i32) (result i32) (i32.const 8))
  (func (export "fd_seek") (param i32 i64 i32 i32) (result i32) (i32.const 8))
  (func (export "fd_fdstat_get") (param i32 i32) (result i32) (i32.const 8))
  (func (export "fd_fdstat_set_flags") (param i32 i32) (result i32) (i32.const 8))
  (func (export "fd_filestat_get") (param i32 i32) (result i32) (i32.const 8))
  (func (export "fd_prestat_get") (param i32 i32) (result i32) (i32.const 8))
  (func (export "fd_prestat_dir_name") (param i32 i32 i32) (result i32) (i32.const 8))
  (func (export "path_open") (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32) (i32.const 8))

  (func (export "proc_exit") (param i32)
    (call $log_exit (local.get 0))
    (unreachable)))
