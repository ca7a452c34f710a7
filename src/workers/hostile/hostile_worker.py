#!/usr/bin/env python3
"""A worker for tests: it runs nothing and answers as the first export of each request says.

  fine           every step returns and logs 1      echo       logs the number of bytes of the module
  crash abort panic exit hang burn                  ends, or not, in these ways
  compiles S [HOW]  compiles for S seconds of the CPU, then is as HOW says, or fine
  burns-K FILE   burns in the first K of these runs, which the file counts
  drowsy S       spends S seconds of the CPU, and sleeps most of the time
  flood          endless stderr
  allocate       memory without end, and touches it  reserve    the same, but never touches it
  garbage long wrong-id closed                      answers that are none
  fork           leaves a process behind that holds the pipes, and dies
  daemon FILE    leaves one behind, with a session of its own, and dies; the file gets its number
  third          crashes as the third run of this worker, and never else
  third-traps    the same, but answers that instantiation traps
  traps refuses  answers that instantiation traps, or that it refuses the module
  large-panics   panics for a module of more than 4000 bytes, else answers that instantiation traps
  poison         fine, but a later "poisoned" crashes; alone that is fine
  term           gets SIGTERM                       term-once FILE  unless the file is there; makes it
  collects S     spends S seconds of the CPU on each collection that it may make, 0.002 on the rest
  one-in-K FILE  crashes at every K-th of these runs, which the file counts
  counts N       in a census N objects more with each round; "N up to M": M at most; noise, nothing or crash instead of N
  holds HEX HOW  for a module that holds these bytes, as HOW says

An argument says so for all runs: "HOW" is done at the start already, "run-HOW" at the first run. Canaries
(diff/canary.h) go well in between and count for nothing; with "canary-HOW" they are runs like any other. After "idle-HOW" each
run that goes well ends at a limit, with which nothing is compared; "idle-by-module" takes the way from the module.
"""

import json
import os
import signal
import struct
import sys
import time
import zlib

# Of sixteen modules so many each.
WAYS = ["crash", "abort", "panic", "exit", "garbage", "closed", "fork", "reserve"] + ["fine"] * 8


def read_frame():
    header = sys.stdin.buffer.read(4)
    if len(header) < 4:
        sys.exit(0)
    return sys.stdin.buffer.read(struct.unpack("<I", header)[0])


def write_frame(payload):
    sys.stdout.buffer.write(struct.pack("<I", len(payload)) + payload)
    sys.stdout.buffer.flush()


def spend(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def misbehave(how):
    if how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif how == "abort":
        os.abort()
    elif how == "panic":
        sys.stderr.write("thread 'main' panicked at src/slab.rs:1:2:\nid from different slab\n")
        if os.environ.get("RUST_BACKTRACE", "0") != "0":
            sys.stderr.write("stack backtrace:\n")
        sys.stderr.flush()
        os.abort()
    elif how == "exit":
        os._exit(3)
    elif how == "hang":
        time.sleep(600)
    elif how == "burn":
        spend(600)
    elif how.startswith("burns-"):
        times, path = how.removeprefix("burns-").split(" ", 1)
        with open(path, "a+") as file:
            file.write(".")
            burns = file.tell() <= int(times)
        if burns:
            misbehave("burn")
    elif how.startswith("drowsy "):
        for _ in range(int(float(how.removeprefix("drowsy ")) / 0.02)):
            spend(0.02)
            time.sleep(0.08)
    elif how == "flood":
        while True:
            sys.stderr.write("flood " * 1000)
    elif how == "allocate":
        held = []
        while True:
            held.append(b"x" * (16 << 20))
    elif how == "reserve":
        held = []
        try:
            while True:
                held.append(bytes(16 << 20))
        except MemoryError:
            sys.stderr.write("after %d megabytes\n" % (len(held) * 16))
            held.clear()
            raise
    elif how == "garbage":
        write_frame(b"\xff\x00 no JSON")
    elif how == "long":
        sys.stdout.buffer.write(struct.pack("<I", 0xFFFFFFFF))
        sys.stdout.buffer.flush()
        time.sleep(600)
    elif how == "wrong-id":
        write_frame(b'{"id":0}')
    elif how == "closed":
        os.close(1)
        time.sleep(600)
    elif how == "fork":
        if os.fork() == 0:
            time.sleep(600)
        os._exit(4)
    elif how == "term":
        os.kill(os.getpid(), signal.SIGTERM)
    elif how.startswith("term-once "):
        if not os.path.exists(how.removeprefix("term-once ")):
            open(how.removeprefix("term-once "), "w").close()
            misbehave("term")
    elif how.startswith("daemon "):
        path = how.removeprefix("daemon ")
        written = os.path.getsize(path) if os.path.exists(path) else 0
        if os.fork() == 0:
            os.setsid()
            if os.fork() != 0:
                os._exit(0)
            with open(path, "a") as file:
                file.write("%d\n" % os.getpid())
            time.sleep(600)
        os.wait()
        while not os.path.exists(path) or os.path.getsize(path) == written:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGSEGV)
    elif how.startswith("one-in-"):
        every, path = how.removeprefix("one-in-").split(" ", 1)
        with open(path, "a+") as file:
            file.write(".")
            if file.tell() % int(every) == 0:
                misbehave("crash")


def census(counts, rounds):
    if counts == "nothing":
        return []
    if counts == "crash":
        misbehave("crash")
    if counts == "noise":
        return [10000 + 7919 * each % 4000 for each in rounds]
    each_round, _, most = counts.partition(" up to ")
    return [1000 + min(int(each_round) * each, int(most or 1 << 40)) for each in rounds]


def answer_canary(request):
    """As a good engine does: the exception is one that it catches."""
    step = {"end": "trap", "kind": "Unreachable"} if request["exports"] == ["canary traps"] else {"end": "returns", "logged": 1}
    write_frame(json.dumps({"id": request["id"], "instantiate": {"end": "returns"}, "calls": [step]}).encode())
    write_frame(struct.pack("<Q", 7) if "logged" in step else b"")


argument = " ".join(sys.argv[1:])
meets_canaries = argument.startswith("canary-")
argument = argument.removeprefix("canary-")
idle = argument.startswith("idle-")
runs = 0
poisoned = False
while True:
    request = json.loads(read_frame())
    if request["op"] == "hello":
        misbehave(argument)
        counts = b',"census":"objects"' if argument.startswith("counts ") else b""
        write_frame(b'{"protocol":2,"engine":"hostile","version":"%d","capabilities":{"progress":true%s}}' % (os.getpid(), counts))
        continue
    module = read_frame()
    if not meets_canaries and request["exports"][:1] in (["canary returns"], ["canary traps"], ["canary throws"]):
        answer_canary(request)
        continue
    how = argument.removeprefix("idle-").removeprefix("run-")
    if how == "by-module":
        how = WAYS[zlib.crc32(module) % len(WAYS)]
    if how.startswith("holds "):
        _, held, then = how.split(" ", 2)
        how = then if bytes.fromhex(held) in module else "fine"
    if not how:
        how = request["exports"][0] if request["exports"] else "fine"
    if how.startswith("compiles "):
        _, seconds, *then = how.split(" ")
        spend(float(seconds))
        how = " ".join(then) or "fine"
    if request.get("progress"):
        for place in ["instantiate"] + request["exports"][:1]:
            write_frame(json.dumps({"id": request["id"], "at": place}).encode())
    runs += 1
    poisoned |= how == "poison"
    if (how == "third" and runs == 3) or (how == "poisoned" and poisoned):
        misbehave("crash")
    misbehave(how)
    if how.startswith("collects "):
        collections = request["gc_max"] if request["gc"] != "none" else 0
        spend(0.002 + collections * float(how.removeprefix("collects ")))
    if how == "large-panics":
        how = "panic" if len(module) > 4000 else "traps"
        misbehave(how)
    if how == "refuses":
        end = {"end": "rejected", "message": "not today"}
    elif how == "traps" or (how == "third-traps" and runs == 3):
        end = {"end": "trap", "kind": "Unreachable"}
    else:
        end = {"end": "limit", "kind": "time"} if idle else None
    if end is not None:
        write_frame(json.dumps({"id": request["id"], "instantiate": end}).encode())
        write_frame(b"")
        continue
    value = {"echo": len(module), "count": runs}.get(how, 1)
    step = {"end": "returns", "logged": 1}
    answer = {"id": request["id"], "instantiate": {"end": "returns"},
              "calls": [step] * len(request["exports"])}
    if how.startswith("counts ") and "census" in request:
        answer["held"] = census(how.removeprefix("counts "), request["census"])
    write_frame(json.dumps(answer).encode())
    values = [value] * len(request["exports"]) + [0] * (how == "log")  # one that no step logged
    write_frame(struct.pack("<%dQ" % len(values), *values))
